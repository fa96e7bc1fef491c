"""The site in a real browser: the system's Chromium, driven by Playwright.

Debian's package chromium-headless-shell is the same engine without the windows, at half the cost:
it is taken where it is there.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from attnbook.press.base.errors import PressError
from attnbook.press.editions import chromium as chromiums
from browser.server import serve

PATIENCE = 60  # seconds: a slow machine is no failure, and where all is well nobody waits
REFRESH = 'http-equiv="refresh"'
SHELL = "chromium-headless-shell"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",  # the shell would move letters to whole pixels; windows do not
)


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Start the browser; what is given goes into its environment: ``launch(LANG="C")``."""
    try:
        shell = None if os.environ.get("CHROMIUM") else shutil.which(SHELL)
        found = shell or chromiums.find()
    except PressError as error:
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        started: list[Browser] = []

        def start(**environment: str) -> Browser:
            started.append(
                playwright.chromium.launch(
                    executable_path=found,
                    args=list(FLAGS),
                    env={**os.environ, **environment},
                    timeout=1000 * PATIENCE,
                )
            )
            return started[-1]

        yield start
        for browser in started:
            browser.close()


@pytest.fixture(scope="session", autouse=True)  # so that it skips before a site is built
def browser(launch: Callable[..., Browser]) -> Browser:
    return launch()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site, served on this machine alone; ends with a slash."""
    with serve(site) as found:
        yield found


def until(tab: Page, expression: str, arg: object = None) -> None:
    """Wait for ``expression`` to hold. Playwright's own waiting does what the policy forbids."""
    deadline = time.monotonic() + PATIENCE
    while not tab.evaluate(expression, arg):
        assert time.monotonic() < deadline, f"not in {PATIENCE} seconds: {expression}"
        tab.wait_for_timeout(10)


def arrive(tab: Page, name: str) -> None:
    """Wait until the element with the id ``name`` is on the screen: a frame scrolls to it."""
    until(
        tab,
        """name => {
          const { top } = document.getElementById(name).getBoundingClientRect();
          return top >= 0 && top < innerHeight;
        }""",
        name,
    )


def leads_on(page: Path) -> bool:
    """Whether the file ``page`` takes a reader to another one at once."""
    return REFRESH in page.read_text("utf-8")


def resize(tab: Page, width: int, height: int) -> None:
    """Make the window as large as that, and wait until the page knows."""
    tab.set_viewport_size({"width": width, "height": height})
    until(tab, "size => innerWidth === size[0] && innerHeight === size[1]", [width, height])


def search(tab: Page, word: str) -> None:
    """Type ``word`` into the search field, as far as its script can tell."""
    field = tab.get_by_role("textbox")
    field.fill(word)
    field.press("End")


@dataclass
class Visit:
    """A browser tab, and everything that it asked for or complained about."""

    tab: Page
    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """The complaints, but for what going on to another page cut off: notes, icons, pictures."""
        return [words for words in self.complaints if not words.startswith("net::ERR_ABORTED")]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """A reader who was never here: ``visit(width=360, color_scheme="dark", …)`` opens a tab.

    It is a tab of the browser ``within``, if that is given.
    """
    contexts: list[BrowserContext] = []

    def open_tab(
        *, width: int = 1280, height: int = 900, within: Browser = browser, **options: object
    ) -> Visit:
        size = {"width": width, "height": height}
        context = within.new_context(viewport=size, **options)  # pyright: ignore
        contexts.append(context)
        context.set_default_timeout(1000 * PATIENCE)
        visit = Visit(context.new_page(), context)
        # The context sees workers' requests, too.
        context.on("request", lambda request: visit.requests.append(request.url))
        context.on(
            "requestfailed",
            lambda request: visit.complaints.append(f"{request.failure}: {request.url}"),
        )
        context.on(
            "console",
            lambda message: (
                message.type in ("error", "warning")
                and visit.complaints.append(f"{message.text} ({message.location.get('url')})")
            ),
        )
        visit.tab.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def pages(site: Path) -> list[str]:
    """The addresses of all pages below the site's root where a reader may stay.

    404.html stands for none, and a moved figure's page leads on at once: see test_addresses.
    """
    return [
        path.relative_to(site).as_posix()
        for path in sorted(site.rglob("*.html"))
        if path.name != "404.html" and not leads_on(path)
    ]
