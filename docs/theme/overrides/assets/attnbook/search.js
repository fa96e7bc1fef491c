// The search: answers what Material would ask a worker, and opens and closes by keyboard.
//
// It has to run before Material's script, which starts a worker if a page has a search field. A worker
// could not be started from a disk; this book is looked through in a few milliseconds in the page.
(() => {
  "use strict";

  const edition = new URL("../../", document.currentScript.src);
  const PARTS = ["search/sections.js", "assets/attnbook/find.js"];
  const MATERIAL = "assets/javascripts/workers/search.";
  const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3];
  const FAILED = document.currentScript.dataset.failed;

  const load = (name) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(name, edition);
      script.onload = resolve;
      script.onerror = () => {
        script.remove();
        reject(new Error(`${script.src} cannot be loaded`));
      };
      document.head.append(script);
    });

  // Nothing is loaded before a search begins; a failure is forgotten, so that one may try again.
  let loading;
  function ready() {
    loading ??= Promise.all(PARTS.map(load)).then(() => attnFind(attnIndex));
    loading.catch(() => (loading = undefined));
    return loading;
  }

  class Finder extends EventTarget {
    latest = 0;

    async postMessage({ type, data }) {
      const number = ++this.latest;
      if (type === SETUP) return this.answer(READY);
      if (type !== QUERY) return;
      try {
        const items = data.trim() ? (await ready())(data) : [];
        if (number === this.latest) this.answer(RESULT, { items });
      } catch (error) {
        console.warn(error);
        this.answer(RESULT, { items: [] });
        setTimeout(() => {
          // Material has just said there that nothing was found.
          const meta = document.querySelector(".md-search-result__meta");
          if (meta) meta.textContent = FAILED;
        });
      }
    }

    answer(type, data) {
      // Later, as a worker would: who asks first listens for the answer afterwards.
      setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data: { type, data } })));
    }

    terminate() {}
  }

  const Native = window.Worker;
  window.Worker = function Worker(address, options) {
    const wanted = new URL(address, location).href.startsWith(new URL(MATERIAL, edition).href);
    return wanted ? new Finder() : new Native(address, options);
  };

  // Menu and search are closed when a page comes. Browsers would restore them as they were left, also
  // after this script, unless autocomplete is off; a checkbox may not have that in its HTML.
  for (const toggle of document.querySelectorAll(".md-toggle")) {
    toggle.checked = false;
    toggle.setAttribute("autocomplete", "off");
  }

  const field = document.querySelector("[data-md-component=search-query]");
  const toggle = document.getElementById("__search");
  if (!field || !toggle) return;
  field.setAttribute("aria-keyshortcuts", "Control+K Meta+K");
  document.querySelector(".md-search-result__meta")?.setAttribute("aria-live", "polite");

  // Material looks when a key comes up, and so misses what is pasted, dictated or dropped.
  const look = () => field.dispatchEvent(new KeyboardEvent("keyup"));

  // While an input method composes, the field holds what nobody wants to find: nothing is looked for,
  // and the keys are its own. In Safari the key that ends it comes after the end, with the code 229.
  // A phone composes every English word, letter by letter: there one looks from the first letter on.
  const phone = matchMedia("(pointer: coarse)").matches;
  let composing = false;
  const composes = (event) => composing || event.isComposing || event.keyCode === 229;
  const isEnglish = () => phone && /^[\x20-\x7e]*$/.test(field.value) && /^en\b/.test(document.documentElement.lang);
  const waits = (event) => composes(event) && !(isEnglish() && event.type !== "keydown");
  field.addEventListener("compositionstart", () => (composing = true));
  field.addEventListener("compositionend", () => {
    composing = false;
    look();
  });
  field.addEventListener("input", (event) => {
    if (!waits(event)) look();
  });
  for (const kind of ["keydown", "keyup"]) {
    addEventListener(kind, (event) => {
      if (event.target === field && waits(event)) event.stopImmediatePropagation();
    }, true);
  }

  // Material opens with / s f, which attnbook.js keeps from it.
  addEventListener("keydown", (event) => {
    if (event.key?.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    if (event.altKey || event.shiftKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // Whoever closes the search is back where it was opened.
  let before;
  const dialog = field.closest(".md-search");
  dialog.addEventListener("focusin", ({ relatedTarget }) => {
    ready().catch(() => {}); // the first letter will say so
    if (!dialog.contains(relatedTarget)) before = relatedTarget;
  });
  addEventListener(
    "keydown",
    ({ key }) => {
      if (key !== "Escape" || !toggle.checked) return;
      const back = before;
      setTimeout(() => {
        if (!toggle.checked && document.activeElement === document.body) back?.focus();
      });
    },
    true,
  );

  // Whoever followed a result and comes back finds the query again: the address keeps it from the
  // moment the page is left, and Material reads it when the page comes.
  function remember(query) {
    const url = new URL(location.href);
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    try {
      history.replaceState(history.state, "", url);
    } catch {
      // A document without an address of its own: nothing to remember it in.
    }
  }
  function open() {
    if (!toggle.checked) toggle.click();
    field.focus();
  }
  // Material closes the search when it goes to a place of the page, which it does on arrival, too:
  // until the reader does something, it is opened again.
  const asked = () => new URL(location.href).searchParams.has("q");
  let arriving = asked();
  for (const kind of ["keydown", "pointerdown"]) {
    addEventListener(kind, () => (arriving = false), true);
  }
  toggle.addEventListener("change", () => {
    if (toggle.checked) return;
    if (!arriving) return remember("");
    setTimeout(() => {
      open();
      remember(field.value.trim()); // which Material has just taken out of the address
    });
  });
  document.addEventListener("click", (event) => {
    const { altKey, button, ctrlKey, metaKey, shiftKey, target } = event;
    if (button || altKey || ctrlKey || metaKey || shiftKey) return;
    if (target.closest?.(".md-search-result a[href]")) remember(field.value.trim());
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || !asked()) return;
    arriving = true;
    open();
  });
})();
