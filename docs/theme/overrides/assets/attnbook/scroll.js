// Boxes that scroll sideways can be scrolled by keys in every browser: those with more in them than
// they show, and only those, stop the Tab key.
(() => {
  "use strict";

  const boxes = document.querySelectorAll(
    ".equation-formula, .md-typeset pre > code, .md-typeset__scrollwrap",
  );

  function update(box) {
    const { overflowX } = getComputedStyle(box);
    if (overflowX !== "visible" && box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }

  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) update(target);
  });
  for (const box of boxes) watch.observe(box);
  // A formula grows in a box that stays when its letters arrive.
  document.fonts.addEventListener("loadingdone", () => boxes.forEach(update));
})();
