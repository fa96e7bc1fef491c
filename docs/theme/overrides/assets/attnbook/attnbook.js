// Small comforts; every page reads without them.
(() => {
  "use strict";

  // The language switch leads to the section being read, and the root page remembers the choice.
  const anchors = () =>
    [...document.querySelectorAll(".md-content :is(h2, h3, h4, .cell, .equation, figure)[id]")];

  function section() {
    if (filter && location.hash.includes("=")) return location.hash;
    const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named) {
      const { top, bottom } = named.getBoundingClientRect();
      if (bottom > 0 && top < innerHeight) return location.hash;
    }
    const passed = anchors().filter(({ tagName }) => /^H\d$/.test(tagName))
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
    filter.hidden = false;
  }

  const language = document.querySelector("a[data-attn-language]");
  language?.addEventListener("click", () => {
    __md_set("attn-language", language.dataset.attnLanguage);
    language.hash = section();
  });

  // What a link names may lie in a folded solution.
  function unfold() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let folded = target && target.closest("details:not([open])");
    if (!folded) return;
    for (; folded; folded = folded.parentElement.closest("details:not([open])")) folded.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  addEventListener("DOMContentLoaded", unfold);

  // Paper cannot be unfolded.
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details:not([open])")) {
      folded.open = true;
      folded.dataset.attnPrinted = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const folded of document.querySelectorAll("details[data-attn-printed]")) {
      folded.open = false;
      delete folded.dataset.attnPrinted;
    }
  });
})();
