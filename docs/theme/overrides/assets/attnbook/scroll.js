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
  const seen = new Set(); // what lies in a fold has no size: to measure it would lay it out
  const sizes = new ResizeObserver((entries) => {
    const sized = entries.filter(({ contentRect }) => contentRect.width > 0);
    for (const { target } of sized) seen.add(target);
    update(targets(sized));
  });
  // Material takes the stop from code again where a finger points: a keyboard may be there, too.
  const stops = new MutationObserver((entries) => update(targets(entries)));

  // A long page has a hundred: none is looked at before all else is done.
  function begin() {
    for (const box of document.querySelectorAll(BOXES)) {
      sizes.observe(box);
      stops.observe(box, { attributeFilter: ["tabindex"] });
    }
    // A formula grows in a box that stays when its letters arrive.
    document.fonts.addEventListener("loadingdone", () => update([...seen]));
  }
  addEventListener("load", () => (globalThis.requestIdleCallback ?? setTimeout)(begin));
})();
