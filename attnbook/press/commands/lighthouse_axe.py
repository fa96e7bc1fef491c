"""Every page measured by Lighthouse, as a phone sees it, and by axe-core in light and dark."""

from __future__ import annotations

import fnmatch
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from ..base import node_tools
from ..base.errors import PressError
from ..editions import chromium
from .static_server import serving

TOOL = Path(__file__).with_name("node") / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SCHEMES = ("light", "dark")
LIMIT = 98
# A page that seems slow on a busy machine is measured so often; the median counts.
RUNS = 3
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
# Everything that axe-core tells mistakes by: WCAG 2.2 A and AA, and its best practices.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Scripts do what can wait when all else is done: a reader has not begun by then.
UNFOLD = """
() => new Promise((done) => requestIdleCallback(() => {
  document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
  requestAnimationFrame(() => requestAnimationFrame(done));
}))
"""
AXE = """
(tags) => axe.run({ runOnly: tags }).then(({ violations }) => violations.map(
  ({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))].join(" | ")
))
"""


@dataclass(frozen=True)
class Result:
    """What was found out about one page; ``violations`` are axe-core's, by colour scheme."""

    page: str
    scores: dict[str, int]
    bytes: int
    failed: list[str]
    violations: dict[str, list[str]]

    @property
    def passed(self) -> bool:
        enough = all(self.scores[name] >= LIMIT for name in CATEGORIES)
        return enough and not any(self.violations.values())

    @property
    def row(self) -> str:
        cells = [str(self.scores[name]) for name in CATEGORIES]
        cells += [str(len(self.violations[scheme])) for scheme in SCHEMES]
        cells.append(f"{self.bytes / 1000:.0f}")
        return f"{self.page:<52}" + "".join(f"{cell:>9}" for cell in cells)


HEADER = f"{'page':<52}" + "".join(
    f"{name:>9}" for name in ("perf.", "access.", "practice", "SEO", "axe light", "dark", "KB")
)


def pages(site: Path, pattern: str = "*") -> list[str]:
    """The pages of ``site`` whose addresses match; 404.html stands for none.

    Neither does a page in a hidden folder, which was left there half-way.

    Raises
    ------
    PressError
        If there is none.
    """
    names = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    chosen = [
        page
        for page in names
        if fnmatch.fnmatch(page, pattern) and not re.search(r"(^|/)(\.|404\.html$)", page)
    ]
    if not chosen:
        raise PressError(
            f"no page in {site} matches {pattern!r}",
            mend="build the site first, or name pages such as 'zh/*.html'; * matches / as well",
        )
    return chosen


def audit(site: Path, pattern: str, say: Callable[[str], None]) -> bool:
    """Measure the pages of ``site``, tell of each, and say whether all passed."""
    results: list[Result] = []
    chosen = pages(site, pattern)
    axe = (node_tools.install(TOOL) / "axe-core" / "axe.min.js").read_text("utf-8")
    say(HEADER)
    with serving(site) as address, _browser() as (browser, port):
        for page in chosen:
            violations = {scheme: _axe(browser, address + page, scheme, axe) for scheme in SCHEMES}
            result = _measured(page, address + page, port, violations)
            results.append(result)
            say(result.row)
            for line in [
                *result.failed,
                *(f"axe {s}: {v}" for s in SCHEMES for v in violations[s]),
            ]:
                say(f"    {line}")
    failed = [result.page for result in results if not result.passed]
    least = {name: min(result.scores[name] for result in results) for name in CATEGORIES}
    say(
        f"\n{len(results)} pages; least scores: "
        + ", ".join(f"{name} {score}" for name, score in least.items())
        + f"; {len(failed)} below {LIMIT} or with violations"
        + "".join(f"\n  {page}" for page in failed)
    )
    return not failed


@contextmanager
def _browser() -> Iterator[tuple[Any, int]]:
    """The system's Chromium, and the port by which Lighthouse reaches it."""
    from playwright.sync_api import sync_playwright

    path = chromium.find()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = [*FLAGS, f"--remote-debugging-port={port}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser, port
        finally:
            browser.close()


def _axe(browser: Any, address: str, scheme: str, axe: str) -> list[str]:
    """What axe-core finds wrong with a page: with the solutions unfolded, on a desk's screen."""
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": 1280, "height": 900}, bypass_csp=True
    )
    try:
        tab = context.new_page()
        tab.goto(address)
        tab.evaluate(UNFOLD)
        tab.add_script_tag(content=axe)
        return tab.evaluate(AXE, TAGS)
    finally:
        context.close()


def _measured(page: str, address: str, port: int, violations: dict[str, list[str]]) -> Result:
    runs = [_lighthouse(address, port)]
    if runs[0]["scores"]["performance"] < LIMIT:
        runs += [_lighthouse(address, port) for _ in range(RUNS - 1)]
    speed = round(median(run["scores"]["performance"] for run in runs))
    scores = runs[0]["scores"] | {"performance": speed}
    failed = runs[0]["failed"] if any(scores[name] < LIMIT for name in CATEGORIES) else []
    return Result(page, scores, round(runs[0]["bytes"]), failed, violations)


def _lighthouse(address: str, port: int) -> dict[str, Any]:
    failure = f"Lighthouse could not measure {address}"
    return node_tools.ask(TOOL / "measure.mjs", str(port), address, failure=failure)
