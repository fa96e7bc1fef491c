// Where there is no page: another language may have it, and the address holds words to look for.
(() => {
  "use strict";

  let path = location.pathname;
  try {
    path = decodeURI(path);
  } catch {
    // In another encoding than UTF-8: a link of long ago.
  }

  for (const link of document.querySelectorAll("a[data-home]")) {
    const { home } = link.dataset;
    const from = link.dataset.from.split(" ").find((edition) => path.startsWith(edition));
    if (!from) continue;
    const twin = home + path.slice(from.length);
    // Only if it is there: else the home page remains.
    fetch(twin, { method: "HEAD" }).then(({ ok }) => {
      if (ok) link.href = twin;
    }, () => {});
  }

  const words = path.split("/").pop().replace(/\.html$/, "").replace(/^(index|404)$/, "").replace(/[-_]+/g, " ").trim();
  for (const field of document.querySelectorAll("input[name=q]")) {
    if (words) field.value = words;
  }

  try {
    const root = new URL(document.querySelector("a[data-home]").dataset.home, location);
    const key = new URL("..", root).pathname + ".__palette";
    const { scheme } = JSON.parse(localStorage.getItem(key)).color;
    if (scheme) document.documentElement.dataset.scheme = scheme;
  } catch {}
})();
