"""Every figure as browsers and another renderer draw it, in both languages and schemes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from browser.conftest import until

ILLUSTRATIONS = {"gaze-on-the-book", "gaze-on-the-cup", "saliency-map"}
TEXT = re.compile(r"<text\b.*?</text>", re.DOTALL)
# Texts that lie over each other, or leave the paper: with another font they would.
CLASHES = """
() => {
  const boxes = [...document.querySelectorAll("text")].filter((text) => text.textContent.trim())
    .map((text) => [text.textContent, text.getBoundingClientRect()]);
  const paper = document.documentElement.getBoundingClientRect();
  return boxes.filter(([, box], index) =>
    box.left < paper.left - 2 || box.right > paper.right + 2 ||
    boxes.slice(index + 1).some(([, other]) =>
      Math.min(box.right, other.right) - Math.max(box.left, other.left) > 2 &&
      Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 6)
  ).map(([text]) => text);
}
"""
PAGE = """<!doctype html><body style="margin:0"><img src="{address}" alt=""
style="display:block;width:{width}px;color-scheme:only {scheme}">"""


@pytest.fixture(scope="module", params=["zh", "en"])
def drawings(request, site) -> list[Path]:
    found = sorted((site / request.param / "figures").glob("*.svg"))
    assert len(found) >= 40
    return [path for path in found if not path.name.endswith(".dark.svg")]


@pytest.fixture
def draw(visit, tmp_path):
    def shot(svg: Path, width: int, scheme: str = "light") -> Image.Image:
        page = tmp_path / "page.html"
        page.write_text(PAGE.format(address=svg.as_uri(), width=width, scheme=scheme), "utf-8")
        tab.goto(page.as_uri())
        content = tab.locator("img").screenshot(animations="disabled")
        return Image.open(io.BytesIO(content)).convert("RGB")

    tab = visit(width=1000, height=1000, device_scale_factor=2).tab
    return shot


def difference(one: Image.Image, two: Image.Image) -> float:
    """By how much two pictures differ, seen from where half a pixel makes no difference."""
    small = (two.width // 4, two.height // 4)
    apart = ImageChops.difference(
        one.resize(small, Image.Resampling.BOX), two.resize(small, Image.Resampling.BOX)
    )
    return sum(ImageStat.Stat(apart).mean)


def share(drawn: Image.Image, bitmap: Image.Image) -> float:
    """`difference`, as a part of what blank paper has of it."""
    return difference(drawn, bitmap) / difference(Image.new("RGB", bitmap.size, "white"), bitmap)


def test_the_text_of_a_drawing_stands_where_the_bitmap_has_it(drawings, draw, tmp_path):
    for svg in drawings:
        bitmap = Image.open(svg.with_suffix(".png")).convert("RGB")
        mute = tmp_path / "mute.svg"
        mute.write_text(TEXT.sub("", svg.read_text("utf-8")), "utf-8")
        told, untold = (share(draw(one, bitmap.width // 2), bitmap) for one in (svg, mute))
        assert told < 0.5, svg.name
        assert told < 0.95 * untold, svg.name


def test_every_letter_of_a_drawing_is_in_its_own_fonts(drawings, visit):
    tab = visit().tab
    for svg in drawings:
        tab.goto(svg.as_uri())
        faces = tab.evaluate(
            "document.fonts.ready.then(() => [...document.fonts].map(font => font.status))"
        )
        assert faces and set(faces) == {"loaded"}, svg.name
        assert tab.evaluate(CLASHES) == [], svg.name


def test_a_drawing_follows_the_scheme_of_its_element(drawings, draw):
    for svg in drawings:
        light, dark = (draw(svg, 400, scheme) for scheme in ("light", "dark"))
        corner = dark.getpixel((2, 2))
        assert max(corner) < 40 and light.getpixel((2, 2)) == (255, 255, 255), svg.name
        assert ImageStat.Stat(dark.convert("L")).extrema[0][1] > 150, svg.name
        if svg.stem in ILLUSTRATIONS:  # things have the same colours in both
            middle = (light.width // 3, light.height // 3)
            assert light.getpixel(middle) == dark.getpixel(middle), svg.name


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["attention-cues", "nadaraya-watson"])
def test_the_paper_of_a_figure_is_that_of_its_page(address, visit, page, scheme):
    tab = visit(color_scheme=scheme).tab
    tab.goto(f"{address}en/{page}.html")
    for image in tab.locator("article > .cell > figure img").all():
        image.scroll_into_view_if_needed()
        until(tab, "image => image.complete && image.naturalWidth > 0", image.element_handle())
        box = image.bounding_box()
        clip = {"x": box["x"] - 3, "y": box["y"] + 1, "width": 6, "height": 2}
        pixels = Image.open(io.BytesIO(tab.screenshot(clip=clip))).convert("RGB")
        assert pixels.getpixel((0, 0)) == pixels.getpixel((5, 1)), image.get_attribute("src")


def test_another_renderer_draws_every_file(drawings, tmp_path):
    if not shutil.which("rsvg-convert"):
        pytest.skip("no rsvg-convert on PATH: 'apt install librsvg2-bin'")
    for svg in drawings:
        bitmap = Image.open(svg.with_suffix(".png")).convert("RGB")
        for kind in ("svg", "dark.svg"):
            out = tmp_path / f"{svg.stem}.{kind}.png"
            width = ["--width", str(bitmap.width)]
            subprocess.run(
                ["rsvg-convert", *width, "-o", out, svg.with_name(f"{svg.stem}.{kind}")], check=True
            )
        # It does not load fonts from a file and takes the system's: letters may be others.
        drawn = Image.open(tmp_path / f"{svg.stem}.svg.png")
        paper = Image.new("RGB", drawn.size, "white")
        paper.paste(drawn, mask=drawn.convert("RGBA").getchannel("A"))
        assert share(paper, bitmap) < 0.6, svg.name
        dark = Image.open(tmp_path / f"{svg.stem}.dark.svg.png").convert("RGBA")
        assert dark.getpixel((1, 1))[3] == 0, f"{svg.stem} is not transparent"


def test_another_renderer_draws_every_document_as_the_bitmap(drawings, tmp_path):
    if not shutil.which("pdftoppm"):
        pytest.skip("no pdftoppm on PATH: 'apt install poppler-utils'")
    for svg in drawings:
        bitmap = Image.open(svg.with_suffix(".png")).convert("RGB")
        size = ["-scale-to-x", str(bitmap.width), "-scale-to-y", str(bitmap.height)]
        out = tmp_path / svg.stem
        subprocess.run(
            ["pdftoppm", "-png", "-singlefile", *size, svg.with_suffix(".pdf"), out], check=True
        )
        drawn = Image.open(out.with_suffix(".png")).convert("RGB")
        assert share(drawn, bitmap) < 0.4, svg.name
        fonts = subprocess.run(
            ["pdffonts", svg.with_suffix(".pdf")], capture_output=True, text=True, check=True
        ).stdout
        assert "Type 3" not in fonts, svg.name
        rows = fonts.splitlines()[2:]
        assert all(row.split("Identity-H")[1].split()[0] == "yes" for row in rows), svg.name


def test_a_page_saved_as_one_file_has_its_figures_and_fonts(address, visit):
    found = visit()
    found.tab.goto(f"{address}en/nadaraya-watson.html")
    until(
        found.tab,
        """() => [...document.querySelectorAll("article img")]
          .every((it) => it.complete && it.naturalWidth > 0)""",
    )  # nobody scrolls
    saved = found.context.new_cdp_session(found.tab).send("Page.captureSnapshot")["data"]
    named = {
        address + source
        for source in found.tab.locator("article img").evaluate_all(
            "images => images.map(it => new URL(it.src).pathname.slice(1))"
        )
    }
    kept = set(re.findall(r"^Content-Location: (\S+)", saved, re.MULTILINE))
    assert len(named) > 8
    assert named <= kept
    assert "font-face" in saved and "font/woff2" in saved.replace("=\r\n", "")


def test_where_data_are_dear_pictures_wait_for_the_reader(address, visit):
    found = visit()
    found.context.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    )
    found.tab.goto(f"{address}en/nadaraya-watson.html")
    found.tab.wait_for_timeout(4500)
    assert found.tab.locator("article img[loading=lazy]").count() > 8
