// Boxes that scroll sideways can be scrolled by keys in every browser: those with more in them than
// they show, and only those, stop the Tab key.
(() => {
  "use strict";

  const BOXES = ".equation-formula, .md-typeset pre > code, .md-typeset__scrollwrap";

  // All are measured before any is changed: the page is laid out once.
  function update(some) {
    const scrolls = some.map((box) =>
      getComputedStyle(box).overflowX !== "visible" && box.scrollWidth > box.clientWidth + 1);
    some.forEach((box, index) => {
      if (scrolls[index] === (box.tabIndex === 0)) return;
      if (scrolls[index]) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  }

  const targets = (entries) => [...new Set(entries.map(({ target }) => target))];
  const sizes = new ResizeObserver((entries) => update(targets(entries)));
  // Material takes the stop from code again where a finger points: a keyboard may be there, too.
  const stops = new MutationObserver((entries) => update(targets(entries)));
  // A long page has a hundred: none is looked at before a reader comes near.
  const near = new Set();
  const coming = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      coming.unobserve(target);
      near.add(target);
      sizes.observe(target);
      stops.observe(target, { attributeFilter: ["tabindex"] });
    }
  }, { rootMargin: "100%" });
  // Material, which listens on the document, has put tables into boxes by then.
  addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll(BOXES)) coming.observe(box);
  });
  // A formula grows in a box that stays when its letters arrive.
  document.fonts.addEventListener("loadingdone", () => update([...near]));
})();
