"""Receipts: what they keep, what they refuse, and that those of this book hold."""

import io
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from attnbook.press.base import environment
from attnbook.press.base.book_paths import Layout
from attnbook.press.base.errors import PressError
from attnbook.press.figure_data.plotted_series import Panel, Plotted, Series
from attnbook.press.receipts import figure_receipts, verify
from attnbook.press.receipts.compare import SAME, TOLERANCE, compare, data
from attnbook.press.receipts.difference_pictures import contrast, picture
from attnbook.press.receipts.figure_receipts import Receipt, Receipts
from attnbook.press.source import figure_ledger

ROOT = Path(__file__).resolve().parents[3]
NAN = math.nan


def figure(*series, kind="plot"):
    return Plotted(kind, (Panel("", "", "", "linear", "linear", series),))


def line(*y, x=None, kind="line"):
    return Series(kind, "", x or tuple(map(float, range(len(y)))), y)


def image(*rows):
    x, y = (tuple(map(float, range(size))) for size in (len(rows[0]), len(rows)))
    return Series("image", "", x, y, rows)


def receipt(plotted, slug="fit", **others):
    digest = figure_receipts._digest(plotted)
    told = {"drawings": {"zh": "1", "en": "2"}, "seeds": "1–2", **others}
    return Receipt(slug, plotted, digest, **told)


def kept(layout, *all_of_them):
    """Write receipts and return what is read."""
    new = Receipts({"cpu": "x"}, {one.slug: one for one in all_of_them})
    figure_receipts.write(
        layout, new, list(new.figures), lambda slug: b"picture of " + slug.encode()
    )
    return figure_receipts.read(layout)


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path)


numbers = st.one_of(
    st.floats(allow_infinity=False), st.floats(width=32, allow_infinity=False), st.just(-0.0)
)


# As a chapter's JSON has them: the shortest decimals of a float32.
singles = st.floats(width=32, allow_infinity=False).map(lambda value: float(str(np.float32(value))))


class TestKeeping:
    @given(st.lists(st.one_of(numbers, singles), min_size=1))
    def test_every_number_comes_back(self, tmp_path_factory, values):
        shown = figure(line(*values))
        found = kept(Layout(tmp_path_factory.mktemp("book")), receipt(shown)).figures["fit"]
        np.testing.assert_array_equal(found.plotted.panels[0].series[0].y, values)
        assert found.digest == figure_receipts._digest(shown)

    def test_all_kinds_come_back(self, layout):
        bars = line(1.0, 2.0, x=("杯子", "book"), kind="bars")
        shown = Plotted(
            "heat map", (*figure(image((0.5, NAN), (1.0, 2.0)), bars).panels, *figure().panels)
        )
        diagram = receipt(Plotted("diagram", ()), "picture", seeds="")
        found = kept(layout, receipt(shown), diagram)
        assert found.environment == {"cpu": "x"}
        # NaN equals nothing.
        told = repr(replace(found.figures["fit"].plotted, panels=()))
        assert told == repr(replace(shown, panels=()))
        for one, two in zip(found.figures["fit"].plotted.panels, shown.panels, strict=True):
            assert repr(one.series) == repr(two.series)
        assert found.figures["picture"] == diagram
        assert found.figures["fit"].seeds == "1–2"
        assert sorted(path.name for path in layout.receipts.iterdir()) == [
            *("fit.npz", "fit.png", "picture.png", "receipts.json")
        ]

    def test_numbers_of_chapters_take_four_bytes(self):
        assert figure_receipts._array((0.06091447, 3.3860714e-09, NAN)).dtype == np.float32
        assert figure_receipts._array((0.060914471, 1e300)).dtype == np.float64

    def test_the_same_receipts_are_the_same_bytes(self, tmp_path):
        shown = receipt(figure(line(0.1, 0.2), image((0.5, NAN))))
        for name in "ab":
            kept(Layout(tmp_path / name), shown)
        for path in (tmp_path / "a" / "docs" / "receipts").iterdir():
            twin = tmp_path / "b" / "docs" / "receipts" / path.name
            assert path.read_bytes() == twin.read_bytes(), path.name

    def test_figures_that_did_not_change_keep_their_files(self, layout):
        one, two = receipt(figure(line(1.0)), "one"), receipt(figure(line(2.0)), "two")
        before = kept(layout, one, two)
        changed = Receipts(
            before.environment, {"one": receipt(figure(line(3.0)), "one"), "two": two}
        )
        figure_receipts.write(layout, changed, ["one"], lambda slug: b"new")
        assert (layout.receipts / "one.png").read_bytes() == b"new"
        assert (layout.receipts / "two.png").read_bytes() == b"picture of two"
        after = figure_receipts.read(layout)
        assert after.figures["one"].plotted.panels[0].series[0].y == (3.0,)
        assert after.figures["two"].plotted.panels[0].series[0].y == (2.0,)

    def test_all_receipts_are_written_or_none(self, layout):
        before = kept(layout, receipt(figure(line(1.0))))
        files = {path: path.read_bytes() for path in layout.receipts.iterdir()}

        def fail(slug):
            raise OSError("no space")

        with pytest.raises(OSError, match="no space"):
            figure_receipts.write(layout, before, ["fit"], fail)
        assert {path: path.read_bytes() for path in layout.receipts.iterdir()} == files
        assert [path.name for path in layout.receipts.parent.iterdir()] == ["receipts"]

    def test_an_interrupted_replacement_is_undone(self, layout):
        before = kept(layout, receipt(figure(line(1.0))))
        layout.receipts.rename(layout.receipts.with_name(".receipts-replaced"))
        assert figure_receipts.read(layout) == before

    def test_there_may_be_none(self, layout):
        assert figure_receipts.read(layout) == Receipts({}, {})


class TestDamage:
    @pytest.fixture
    def written(self, layout):
        kept(layout, receipt(figure(line(1.0, 2.5))))
        return layout

    def damaged(self, layout, name):
        with pytest.raises(PressError) as caught:
            figure_receipts.read(layout)
        assert Path(caught.value.path).name == name
        assert "--accept" in caught.value.mend
        return caught.value

    def test_other_numbers_are_caught(self, written):
        path = written.receipts / "fit.npz"
        with np.load(path) as arrays:
            told = dict(arrays)
        told["0-0-y"][1] += 1e-4
        np.savez_compressed(path, **told)
        assert "not those that the receipts name" in self.damaged(written, "fit.npz").what

    def test_another_digest_is_caught(self, written):
        path = written.receipts / "receipts.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        told["figures"]["fit"]["data"] = "0" * 64
        path.write_text(json.dumps(told), encoding="utf-8")
        self.damaged(written, "fit.npz")

    @pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
    def test_data_that_cannot_be_read_are_caught(self, written, content):
        path = written.receipts / "fit.npz"
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        self.damaged(written, "fit.npz")

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"environment": {}, "figures": {"a": {}}}'])
    def test_a_table_that_cannot_be_read_is_caught(self, written, text):
        (written.receipts / "receipts.json").write_text(text, encoding="utf-8")
        self.damaged(written, "receipts.json")

    def test_a_missing_picture_is_caught(self, written):
        (written.receipts / "fit.png").unlink()
        assert "fit.png" in self.damaged(written, "receipts.json").detail


class TestComparison:
    """Numbers within the tolerance of the largest magnitude in their series, all else equal."""

    @given(
        st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9),
        st.integers(0, 8),
        st.floats(1e-7, 10),
    )
    def test_the_largest_difference_is_measured_against_the_largest_magnitude(
        self, values, place, share
    ):
        scale = max(map(abs, values))
        if scale < 1e-3:
            return
        place %= len(values)
        moved = [*values]
        moved[place] += share * scale
        shape, deviation = data(figure(line(*values)), figure(line(*moved)))
        assert shape == ""
        assert deviation.relative == pytest.approx(share, rel=1e-6)
        assert f"y of line 1 [{place + 1}]" in deviation.where

    def test_the_worst_of_all_series_counts(self):
        old = figure(line(1.0, 2.0), image((1.0, 2.0), (3.0, 4.0)))
        new = figure(line(1.0, 2.0002), image((1.0, 2.0), (3.4, 4.0)))
        assert data(old, new)[1].relative == pytest.approx(0.1)
        assert data(old, new)[1].where == "values of image 2 [2, 1] was 3, is 3.4"

    def test_equal_data_do_not_differ(self):
        shown = figure(line(0.0, NAN), image((NAN, 2.0)))
        assert data(shown, shown) == ("", SAME)

    def test_zeros_that_are_no_more_differ(self):
        assert data(figure(line(0.0, 0.0)), figure(line(0.0, 1e-9)))[1].relative == 1

    @pytest.mark.parametrize(
        ("old", "new", "what"),
        [
            (figure(line(1.0)), figure(line(1.0), kind="heat map"), "was a plot"),
            (figure(line(1.0)), Plotted("plot", ()), "0 panels, were 1"),
            (figure(line(1.0)), figure(line(1.0), line(1.0)), "are line, line; were line"),
            (figure(line(1.0)), figure(line(1.0, kind="points")), "are points; were line"),
            (figure(line(1.0)), figure(line(1.0, 2.0)), "line 1 has 2 values, had 1"),
            (figure(image((1.0, 2.0))), figure(image((1.0,), (2.0,))), "2 × 1 values, had 1 × 2"),
            (figure(line(1.0, NAN)), figure(line(NAN, 1.0)), "missing in other places"),
            (figure(line(1.0)), figure(line(1.0, x=("a",))), "other categories"),
            (figure(line(1.0, x=("b",))), figure(line(1.0, x=("a",))), "other categories"),
        ],
    )
    def test_another_shape_is_no_question_of_tolerance(self, old, new, what):
        shape, _ = data(old, new)
        assert what in shape
        report = compare(told(old), told(new))
        assert [one.slug for one in report.failing] == ["fit"]

    @pytest.mark.parametrize(("share", "holds"), [(0.9, True), (1.1, False)])
    def test_the_tolerance_is_where_it_is_said_to_be(self, share, holds):
        old, new = figure(line(0.0, 2.0)), figure(line(share * TOLERANCE * 2, 2.0))
        report = compare(told(old), told(new, environment="another"))
        assert (report.failing == []) == holds

    def test_bytes_count_only_in_the_same_environment(self):
        shown = figure(line(1.0))
        other = {"zh": "1", "en": "3"}
        (one,) = compare(told(shown), told(shown, drawings=other)).failing
        assert one.drawings == ("en",)
        report = compare(told(shown), told(shown, environment="another", drawings=other))
        assert report.failing == []
        assert "other environment" in verify.table(report)

    def test_a_diagram_elsewhere_is_not_called_accepted(self):
        shown = Plotted("diagram", ())
        report = compare(told(shown), told(shown, environment="another", drawings={}))
        assert "not comparable" in verify.table(report)

    def test_other_seeds_count(self):
        shown = figure(line(1.0))
        (one,) = compare(told(shown), told(shown, seeds="7")).failing
        assert one.seeds == "seeds were 1–2, are 7"

    def test_a_figure_without_receipt_and_a_receipt_without_figure_count(self):
        shown = figure(line(1.0))
        report = compare(told(shown, slug="old"), told(shown, slug="new"))
        assert [(one.slug, one.has_receipt, one.drawn) for one in report.failing] == [
            *(("new", False, True), ("old", True, False))
        ]
        assert "NO RECEIPT" in verify.table(report)
        assert "NOT DRAWN" in verify.table(report)


def told(plotted, environment="here", slug="fit", **others):
    return Receipts({"cpu": environment}, {slug: receipt(plotted, slug, **others)})


def png(colour, size=(40, 20), dot=None):
    canvas = Image.new("RGB", size, colour)
    if dot:
        canvas.paste(dot, (0, 0, 4, 4))
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()


class TestPictures:
    def test_a_picture_is_half_the_size_and_the_same_every_time(self, tmp_path):
        path = tmp_path / "fit.zh.png"
        path.write_bytes(png("white", dot="black"))
        small = picture(path)
        assert Image.open(io.BytesIO(small)).size == (20, 10)
        assert picture(path) == small

    def test_what_differs_is_marked_and_nothing_else(self):
        shown = Image.open(io.BytesIO(contrast(png("white"), png("white", dot="black"))))
        marked = [pixel for pixel in shown.convert("RGB").getdata() if pixel == (213, 94, 0)]
        assert len(marked) == 4 * 4

    def test_pictures_of_other_sizes_are_set_beside_each_other(self):
        shown = Image.open(io.BytesIO(contrast(png("white"), png("white", size=(60, 10)))))
        assert shown.width > 3 * 60

    def test_equal_pictures_have_no_mark(self):
        shown = Image.open(io.BytesIO(contrast(png("white"), png("white"))))
        assert (213, 94, 0) not in set(shown.convert("RGB").getdata())


class TestEnvironment:
    LISTED = "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Xeon\n"

    def test_it_is_the_same_twice_and_names_the_drawers(self):
        found = environment.fingerprint()
        assert found == environment.fingerprint()
        assert {"numpy", "torch", "matplotlib", "zhplot", "fonttools", "python"} <= set(found)
        assert all(found[name] for name in ("system", "machine", "processor", "torch"))

    def test_no_variable_hides_what_the_processor_has(self, monkeypatch):
        before = environment.processor()
        monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
        assert environment.processor() == before

    def test_a_processor_is_its_model_and_its_instructions(self):
        one = self.LISTED + "flags\t\t: fpu avx2 avx512f fma pti\n\nprocessor\t: 1\nmodel\t\t: 0\n"
        assert environment._listed(one) == {
            "processor": "GenuineIntel 6 85",
            "instructions": "avx2 avx512f fma",
        }
        arm = "CPU implementer\t: 0x41\nFeatures\t: fp asimd sve crc32\nCPU part\t: 0xd40\n"
        assert environment._listed(arm) == {
            "processor": "0x41 0xd40",
            "instructions": "asimd sve",
        }

    def test_any_other_entry_is_another_environment(self):
        one = {"cpu": "a", "torch": "1"}
        assert environment.differing(one, dict(one)) == []
        assert environment.differing(one, {"cpu": "b", "torch": "1", "new": "x"}) == ["cpu", "new"]


class TestThisBook:
    """If one of these fails and the change is meant: nox -s figures -- --accept."""

    def test_its_receipts_are_those_of_its_figures(self, the_book):
        accepted = figure_receipts.read(the_book.layout)
        report = compare(accepted, verify.taken(the_book))
        assert len(report.figures) == the_book.figures
        told = verify.table(report)
        assert report.failing == [], f"{told}\nif the change is meant: {verify.ACCEPT}"

    def test_its_receipts_are_small_enough_to_be_committed(self, the_book):
        sizes = [path.stat().st_size for path in the_book.layout.receipts.iterdir()]
        assert sum(sizes) < 1_000_000

    def test_its_ledger_lists_its_figures(self, the_book):
        listed = figure_ledger.read(the_book.layout.ledger)
        slugs = sorted(verify.taken(the_book).figures)
        assert sorted(slug for slug in listed.figures if slug not in listed.moved) == slugs
