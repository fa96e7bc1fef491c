// Small comforts; every page reads without them.
(() => {
  "use strict";

  // What the address names; anybody may have written it.
  function named() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  }

  // The language switch leads to the section being read, and the root page remembers the choice.
  function section() {
    if (filter && location.hash.includes("=")) return location.hash;
    const target = named();
    if (target) {
      const { top, bottom } = target.getBoundingClientRect();
      if (bottom > 0 && top < innerHeight) return location.hash;
    }
    const passed = [...document.querySelectorAll(".md-content :is(h2, h3, h4)[id]")]
      .filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    return passed.length && scrollY > 0 ? `#${passed[passed.length - 1].id}` : "";
  }

  // The gallery shows the chapter and the kind that one chose; the address remembers both.
  const filter = document.querySelector("form.gallery-filter");
  if (filter) {
    const cards = [...document.querySelectorAll(".gallery-card")];
    const choices = [...filter.querySelectorAll("select")];
    const count = filter.querySelector("output");

    const show = () => {
      for (const card of cards) {
        card.hidden = choices.some(({ name, value }) => value && value !== card.dataset[name]);
      }
      const shown = cards.filter((card) => !card.hidden).length;
      count.textContent = count.dataset.text.replace("{shown}", shown).replace("{total}", cards.length);
    };
    const recall = () => {
      const chosen = new URLSearchParams(location.hash.slice(1));
      for (const choice of choices) {
        choice.value = chosen.get(choice.name) ?? "";
        if (choice.selectedIndex < 0) choice.value = "";
      }
      show();
    };
    const remember = () => {
      const chosen = choices.filter(({ value }) => value).map(({ name, value }) => [name, value]);
      const hash = chosen.length ? `#${new URLSearchParams(chosen)}` : "";
      history.replaceState(history.state, "", location.pathname + location.search + hash);
    };
    filter.addEventListener("change", () => {
      show();
      remember();
    });
    addEventListener("hashchange", recall);
    recall();
  }

  for (const language of document.querySelectorAll("a[data-attn-language]")) {
    language.addEventListener("click", () => {
      __md_set("attn-language", language.dataset.attnLanguage);
    });
    for (const kind of ["click", "auxclick", "contextmenu"]) {
      language.addEventListener(kind, () => (language.hash = section()));
    }
  }

  // Material turns pages by p, n, comma and full stop, and opens the search by f, s and slash. Whoever
  // dictates, or leans on a key, did not ask for that, and there is no switch: no key that makes a
  // character does anything outside of a field (WCAG 2.1.4). The search opens by Ctrl+K.
  addEventListener("keydown", (event) => {
    const { altKey, ctrlKey, metaKey, key, target } = event;
    if (altKey || ctrlKey || metaKey || [...(key ?? "")].length !== 1 || key === " ") return;
    if (target.closest?.("input, textarea, select, [contenteditable], .md-search")) return;
    event.stopImmediatePropagation();
  }, true);

  // Pictures come when a reader is near. Once all else is done the others come, too: whoever then
  // saves the page as one file, or loses the network, has them. Not where data are dear.
  const rest = () => {
    if (navigator.connection?.saveData) return;
    for (const picture of document.querySelectorAll("img[loading=lazy]")) picture.loading = "eager";
  };
  addEventListener("load", () => setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(rest), 3000));

  // What a link names may lie in a folded solution. Material unfolds it as well, but shows the fold
  // and not what was named: it has to come second.
  function unfold() {
    const target = named();
    let folded = target?.closest("details:not([open])");
    if (!folded) return;
    for (; folded; folded = folded.parentElement.closest("details:not([open])")) folded.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", unfold, true);
  unfold();
})();
