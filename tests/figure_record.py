"""Records of a figure for tests, real drawings of it, and texts that are hard to hold."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from hypothesis import strategies as st
from matplotlib import font_manager

import imprints
from attnbook.press.figures.draw_files import publish, use_fonts_of_the_book
from attnbook.press.figures.figure_record import Record
from attnbook.press.source.figure_messages import Catalogue

COMMIT = "0123456789abcdef0123456789abcdef01234567"
DIGEST = "fedcba98" * 8
IMPRINT = imprints.imprint(
    "0.1.0", COMMIT, datetime.date(2026, 11, 24), "https://book.example/attn", ("Ada & <Co>",)
)
TITLES = {"zh": "注意力“权重”＜热图＞", "en": "Weights <of> \"attention\" & 'pooling'"}
CAPTIONS = {
    "zh": "注意力“权重”＜热图＞。每一行是一个查询，颜色越深，权重越大：a < b && c > d。",
    "en": "Weights <of> \"attention\" & 'pooling'. The darker, the more weight: a < b && c > d.",
}
ALTS = {"zh": "方形热图，对角线最深。", "en": "A square heat map, darkest on the diagonal."}
TOLD = {"zh": "每一行的数值之和都是 1。", "en": "Every row sums to 1."}
CHAPTERS = {"zh": "10.2 注意力汇聚", "en": "10.2 Attention pooling"}

# Whatever Python can hold, halves of surrogate pairs and control characters too.
anything = st.text(st.characters(), max_size=40)


def a_record(language: str = "zh", **changes: object) -> Record:
    """A record in ``language``, but for ``changes``; an ``imprint`` is a dict of its changes."""
    imprint = replace(IMPRINT, **changes.pop("imprint", {}))
    record = Record(
        imprint=imprint,
        language=language,
        slug="weights",
        kind="heat map",
        title=TITLES[language],
        caption=CAPTIONS[language],
        alt=ALTS[language],
        description=TOLD[language],
        chapter=CHAPTERS[language],
        page="pooling",
        script="attnbook/chapters/pooling.py",
        seeds=(7, 11),
        digest=DIGEST,
        width=288.0,
        height=192.0,
    )
    return replace(record, **changes)


def draw(folder: Path) -> Path:
    """Publish a figure into ``folder`` and return what its files have in common but the suffix."""
    fonts = list(font_manager.fontManager.ttflist)
    with mpl.rc_context():
        plt.switch_backend("agg")
        use_fonts_of_the_book()
        plt.style.use("attnbook.book")
        figure, axes = plt.subplots(figsize=(3, 2), layout="constrained")
        axes.plot([0, 1, 2], [0, 2, 1], label="truth")
        axes.legend()
        catalogue = Catalogue(folder / "messages.csv", ("en", "zh"), (("truth", "真实函数"),))
        publish(figure, "weights", folder, catalogue)
        plt.close(figure)
    font_manager.fontManager.ttflist = fonts
    return folder / "weights"


def published(stem: Path, language: str, kind: str) -> bytes:
    return stem.with_name(f"{stem.name}.{language}.{kind}").read_bytes()
