// Light or dark: as the system asks, until a reader chooses.
(() => {
  "use strict";

  const button = document.querySelector("button.attn-scheme");
  const theme = document.createElement("meta"); // what a phone paints its own bars with
  theme.name = "theme-color";
  document.head.append(theme);

  function named(scheme) {
    button.title = button.dataset[scheme];
    button.setAttribute("aria-label", button.title);
    return scheme;
  }

  function show(chosen) {
    const scheme = named(attnScheme(chosen));
    theme.content = getComputedStyle(document.querySelector(".md-header")).backgroundColor;
    return scheme;
  }

  let scheme = named(document.body.dataset.mdColorScheme);
  button.addEventListener("click", () => {
    scheme = show(scheme === "slate" ? "default" : "slate");
    __md_set("__palette", { color: { scheme } });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { scheme = show(); });
  // It may have been chosen on another page meanwhile, which this one did not see.
  addEventListener("pageshow", () => { scheme = show(); });
})();
