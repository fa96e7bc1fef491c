"""The contrast of a text with what is behind it, as WCAG 2 counts it."""

from __future__ import annotations

from playwright.sync_api import Locator

# Colours come as layers, the lowest first; each may let those below it through.
_WCAG = """
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const luminance = (layers) => {
    const name = layers.join();
    if (!known.has(name)) {
      for (const colour of ["white", ...layers]) {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
      }
      const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data]
        .map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      known.set(name, 0.2126 * red + 0.7152 * green + 0.0722 * blue);
    }
    return known.get(name);
  };
  const ratio = (one, two) => {
    const [low, high] = [luminance(one), luminance(two)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const painted = (element) => [getComputedStyle(element).backgroundColor];
  const contrast = (element, pseudo, paint = painted) => {
    const below = [];
    for (let one = element; one; one = one.parentElement) below.unshift(...paint(one));
    return ratio(below, [...below, getComputedStyle(element, pseudo).color]);
  };
"""


def measure(body: str, of: str = "") -> str:
    """A function for a page to evaluate, whose ``body`` has `ratio`, `painted` and `contrast`."""
    return f"({of}) => {{ {_WCAG} {body} }}"


def contrast(text: Locator) -> float:
    """The contrast of ``text`` with the backgrounds behind it."""
    return text.evaluate(measure("return contrast(element);", of="element"))
