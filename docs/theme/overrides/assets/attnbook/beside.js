// Both languages side by side: what the press wrote into <page>.beside.js stands beside each block
// of the page, or below it where there is no room. Nothing is asked for before a reader wants it.
(() => {
  "use strict";

  const PARAMETER = "beside"; // in the address while both languages are shown
  const PHRASES = new Set(["A", "BUTTON", "SPAN", "SUMMARY"]); // no boxes in these
  const html = document.documentElement;
  const button = document.querySelector("button.attn-beside");
  const article = document.querySelector("article.md-content__inner");
  if (!button || !article) return;

  const book = new URL("../../../", document.currentScript.src); // holds the editions
  const EDITION = new RegExp(`^(${button.dataset.editions.replace(" ", "|")})/`);
  const status = document.querySelector(".beside-status");
  let wanted = false;
  let loading;
  let undo; // what takes everything back, last thing first, while it is shown

  // A script and not a document: browsers let pages from a disk load these.
  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const done = (settle, value) => {
        script.remove();
        settle(value);
      };
      script.addEventListener("load", () => done(resolve, globalThis.attnBeside));
      script.addEventListener("error", () => {
        loading = undefined; // the next click tries again
        done(reject);
      });
      script.src = button.dataset.attnBeside;
      document.head.append(script);
    });
    return loading;
  }

  function insert({ lang, label, columns, rows }) {
    const steps = [];
    const mark = (element, name) => {
      element.setAttribute(name, "");
      steps.push(() => element.removeAttribute(name));
    };
    // Lists of one length stand item by item where there are columns.
    const align = (own, twin) => {
      const count = (list) => (list?.matches("ul, ol") ? list.children.length : 0);
      const items = count(own);
      if (!items || items !== count(twin.firstElementChild) || twin.childElementCount > 1) return;
      mark(own, "data-beside-items");
      twin.dataset.besideItems = "";
      for (const element of [own, twin]) element.style.setProperty("--beside-items", items);
      steps.push(() => {
        own.style.removeProperty("--beside-items");
        if (!own.getAttribute("style")) own.removeAttribute("style");
      });
    };
    const marked = [...article.querySelectorAll("[data-beside]")];
    const behind = new Map(); // several may stand behind one block, in their order

    for (const [numbers, how, markup] of rows) {
      const blocks = numbers.map((number) => marked[number]).filter(Boolean);
      if (!blocks.length) continue;
      // Material puts tables into boxes that scroll.
      let own = blocks[0].matches("table") ? blocks[0].closest(".md-typeset__scrollwrap") : null;
      own ??= blocks[0];
      const twin = document.createElement(PHRASES.has(own.tagName) ? "span" : "div");
      twin.className = "beside";
      twin.lang = lang;
      twin.innerHTML = markup;
      for (const code of twin.querySelectorAll("pre > code")) code.tabIndex = 0; // it may scroll
      if (how === "inside") {
        if (twin.tagName === "SPAN") twin.prepend(" "); // two words, also when read out
        own.append(twin);
      } else {
        if (blocks.length > 1) {
          const run = document.createElement("div");
          run.className = "beside-run";
          own.before(run);
          run.append(...blocks);
          steps.push(() => run.replaceWith(...run.childNodes));
          own = run;
        }
        mark(own, "data-beside-own");
        align(own, twin);
        (behind.get(own) ?? own).after(twin);
        behind.set(own, twin);
        if (twin.tagName === "DIV") {
          twin.setAttribute("role", "group");
          twin.setAttribute("aria-label", label);
        }
      }
      steps.push(() => twin.remove());
    }
    mark(article, "data-beside-columns");
    for (const number of columns) if (marked[number]) mark(marked[number], "data-beside-columns");
    return () => steps.reverse().forEach((step) => step());
  }

  // Runs `change` and leaves the block that is being read where it is on the screen.
  function inPlace(change) {
    const top = document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0;
    const named = document.querySelector(":target");
    const seen = (block) => {
      const box = block.getBoundingClientRect();
      return box.height > 0 && box.bottom > top && box.top < innerHeight;
    };
    const blocks = [...article.querySelectorAll(":is(h1, h2, h3, h4, p, li, tr, figure, .highlight, .equation)")];
    // One that begins on the screen, rather than the end of one that began above.
    const own = blocks.filter((block) => !block.closest(".beside") && seen(block));
    const start = (block) => block.getBoundingClientRect().top;
    const read = named && article.contains(named) && seen(named)
      ? named
      : own.find((block) => start(block) >= top && start(block) < innerHeight / 2) ?? own[0];
    const before = read?.getBoundingClientRect().top;
    const moved = scrollY > 0;
    html.style.overflowAnchor = "none"; // or the browser would correct the same thing once more
    change();
    if (read && moved) scrollBy({ top: read.getBoundingClientRect().top - before, behavior: "instant" });
    requestAnimationFrame(() => html.style.removeProperty("overflow-anchor"));
  }

  function address(url) {
    const others = url.search.slice(1).split("&").filter((part) => part && part !== PARAMETER);
    if (wanted) others.push(PARAMETER);
    url.search = others.join("&");
    return url;
  }

  function say(words, failed = false) {
    status.textContent = words;
    status.classList.toggle("beside-failed", failed);
  }

  async function set(on) {
    wanted = on;
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-busy", String(on && !undo));
    say("");
    let data;
    if (on) {
      try {
        data = await load();
        if (!data) throw new Error(button.dataset.attnBeside);
      } catch {
        wanted = false;
        for (const name of ["aria-pressed", "aria-busy"]) button.setAttribute(name, "false");
        say(button.dataset.failed, true);
        return;
      }
      button.setAttribute("aria-busy", "false");
    }
    if (on !== wanted || on === Boolean(undo)) return; // the reader changed their mind meanwhile
    inPlace(() => {
      if (on) {
        undo = insert(data);
      } else {
        if (document.activeElement?.closest(".beside")) button.focus({ preventScroll: true });
        undo();
        undo = undefined;
      }
      html.classList.toggle("beside-on", on);
    });
    try {
      history.replaceState(history.state, "", address(new URL(location.href)));
    } catch {
      // A document without an address of its own, such as a frame: nothing to remember it in.
    }
    say(on ? button.dataset.shown : button.dataset.hidden);
  }

  button.addEventListener("click", () => set(!wanted));
  addEventListener("keydown", (event) => {
    const { altKey, ctrlKey, metaKey, shiftKey, code, target } = event;
    if (!altKey || ctrlKey || metaKey || shiftKey || code !== "KeyX" || event.repeat) return;
    if (target.closest?.("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    set(!wanted);
  });

  // It goes along to other pages of the book, in either language.
  function carry(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    const inside = url.href.startsWith(book.href) && EDITION.test(url.href.slice(book.href.length));
    if (!inside || !/(\.html|\/)$/.test(url.pathname)) return;
    if (url.pathname === location.pathname) {
      // To a place on this page, which has not to be loaded again for it.
      if (url.hash && url.search !== location.search) link.search = location.search;
      return;
    }
    const search = address(new URL(url)).search;
    if (search !== url.search) link.search = search;
  }
  for (const kind of ["click", "auxclick", "contextmenu"]) addEventListener(kind, carry, true);

  button.hidden = false;
  if (location.search.slice(1).split("&").includes(PARAMETER)) set(true);
})();
