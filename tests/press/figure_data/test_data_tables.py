"""The data of a figure as CSV, table, digest and sentences, on small hand-made figures."""

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from attnbook.press.figure_data.data_tables import (
    Plotted,
    as_csv,
    as_table,
    claims,
    describe,
    digest,
)
from attnbook.press.figure_data.long_description import bound, rounded
from attnbook.press.source.figure_messages import Catalogue

CATALOGUE = Catalogue(
    Path("messages.csv"),
    ("en", "zh"),
    (
        ("truth", "真实函数"),
        ("guess", "预测"),
        ("keys", "键"),
        ("queries", "查询"),
        ("cup, hot", "杯子"),
        ("book", "书"),
        ("weight", "权重"),
        ("left", "左"),
    ),
)


def panel(*series, title="", xlabel="x", ylabel="y"):
    return {
        "title": title,
        "xlabel": xlabel,
        "ylabel": ylabel,
        "xscale": "linear",
        "yscale": "linear",
        "series": list(series),
    }


def line(y, x=None, label="", kind="line"):
    return {"kind": kind, "label": label, "x": x or [float(i) for i in range(len(y))], "y": y}


def image(values, label="", x=None, y=None):
    return {
        "kind": "image",
        "label": label,
        "x": x or [float(i) for i in range(len(values[0]))],
        "y": y or [float(i) for i in range(len(values))],
        "values": values,
    }


def plotted(*panels, kind="plot"):
    return Plotted.of({"kind": kind, "panels": list(panels)})


def in_chinese(figure):
    return figure.translated(lambda text: CATALOGUE.translate(text, "zh"))


def kinds(figure):
    return [claim.kind for claim in claims(figure)]


def test_loading_gives_what_was_written(tmp_path):
    told = {"kind": "plot", "panels": [panel(line([1.0, None], label="truth"))]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    [series] = Plotted.load(path).panels[0].series
    assert series.label == "truth"
    assert series.y[0] == 1.0
    assert math.isnan(series.y[1])


def test_csv_is_tidy_and_speaks_the_language():
    figure = plotted(panel(line([0.5, None], label="truth"), xlabel="keys"))
    assert as_csv(figure, "en") == "series,keys,y\ntruth,0,0.5\ntruth,1,\n"
    assert as_csv(in_chinese(figure), "zh") == "系列,键,y\n真实函数,0,0.5\n真实函数,1,\n"


def test_csv_of_images_has_values_and_of_several_panels_says_which():
    figure = plotted(
        panel(image([[1.0, 2.0]], label="weight"), title="left", xlabel="keys", ylabel="queries"),
        panel(image([[3.0, 4.0]], label="weight"), xlabel="keys", ylabel="queries"),
        kind="heat map",
    )
    rows = list(csv.reader(io.StringIO(as_csv(in_chinese(figure), "zh"))))
    assert rows[0] == ["图", "系列", "键", "查询", "权重"]
    assert rows[1:] == [
        ["左", "权重", "0", "0", "1"],
        ["左", "权重", "1", "0", "2"],
        ["2", "权重", "0", "0", "3"],
        ["2", "权重", "1", "0", "4"],
    ]


def test_categories_are_translated_and_quoted():
    bars = {"kind": "bars", "label": "", "x": [0.2, 0.8], "y": ["cup, hot", "book"]}
    figure = plotted(panel(bars, xlabel="weight", ylabel=""))
    rows = list(csv.reader(io.StringIO(as_csv(figure, "en"))))
    assert rows[1:] == [["", "0.2", "cup, hot"], ["", "0.8", "book"]]
    assert "杯子" in as_csv(in_chinese(figure), "zh")


def test_columns_never_have_the_same_name():
    figure = plotted(panel(line([1.0]), xlabel="keys", ylabel="keys"))
    assert as_csv(figure, "en").splitlines()[0] == "series,x,y"


def test_a_table_samples_every_series_evenly():
    figure = plotted(
        panel(line([float(i) for i in range(101)], label="truth"), line([7.0], label="guess"))
    )
    header, rows, total = as_table(figure, "en", rows=6)
    assert header == ["series", "x", "y"]
    assert total == 102
    assert [row[1] for row in rows if row[0] == "truth"] == ["0", "50", "100"]
    assert ["guess", "0", "7"] in rows


def test_a_diagram_has_no_rows_and_nothing_to_say():
    figure = plotted(kind="diagram")
    assert as_csv(figure, "en") == "series,x,y\n"
    assert as_table(in_chinese(figure), "zh")[1:] == ([], 0)
    assert describe(figure, "zh", CATALOGUE) == []


def test_the_digest_follows_six_digits_and_no_text():
    figure = plotted(panel(line([1.234561, 0.0], label="truth")))
    same = plotted(panel(line([1.2345612, -0.0], label="guess"), title="left"))
    other = plotted(panel(line([1.234571, 0.0], label="truth")))
    moved = plotted(panel(line([0.0, 1.234561], label="truth")))
    assert digest(figure) == digest(same)
    assert len({digest(figure), digest(other), digest(moved)}) == 3


@pytest.mark.parametrize(
    ("y", "kind"),
    [
        ([1.0, 2.0, 3.0], "rises"),
        ([3.0, 2.0, 1.0], "falls"),
        ([2.0, 2.0, 2.0], "constant"),
        ([1.0, 3.0, 2.0], "maximum"),
        ([2.0, 1.0, 3.0], "minimum"),
        ([2.0, 2.0], "level"),
    ],
)
def test_the_course_of_a_line_is_told_first(y, kind):
    assert kinds(plotted(panel(line(y))))[0] == kind


def test_neither_a_plateau_nor_an_end_is_the_highest_place():
    assert kinds(plotted(panel(line([1.0, 3.0, 3.0, 2.0])))) == ["range"]
    assert kinds(plotted(panel(line([3.0, 3.0, 1.0])))) == ["range"]


def test_a_step_that_stays_is_neither_rise_nor_fall():
    assert "rises" not in kinds(plotted(panel(line([1.0, 1.0, 2.0]))))


def test_a_line_drawn_back_and_forth_neither_rises_nor_falls():
    assert kinds(plotted(panel(line([1.0, 2.0, 3.0], x=[0.0, 2.0, 1.0])))) == ["range"]
    assert kinds(plotted(panel(line([1.0, 2.0, 3.0], x=[2.0, 1.0, 0.0]))))[0] == "falls"


def test_the_distance_to_the_truth_is_told_and_rounded_up():
    figure = plotted(
        panel(line([0.0, 1.0], label="truth"), line([0.0, 2.2341], label="guess"), xlabel="keys")
    )
    sentences = describe(figure, "zh", CATALOGUE)
    assert sentences[0] == "“预测”线与“真实函数”相差从不超过 1.24，在键 = 1 处相差最大。"


def test_gaps_are_told_and_do_not_disturb():
    figure = plotted(panel(line([1.0, None, 3.0])))
    assert kinds(figure) == ["gaps", "range"]
    assert describe(figure, "en", CATALOGUE)[0] == "One value is missing."


def test_an_identity_lies_on_the_diagonal_and_a_shifted_one_beside_it():
    eye = [[1.0, 0.0, 0.0, 0.0, 0.0], *([0.0] * i + [1.0] + [0.0] * (4 - i) for i in range(1, 5))]
    figure = plotted(panel(image(eye)), kind="heat map")
    assert "恰好落在对角线" in describe(figure, "zh", CATALOGUE)[0]
    shifted = plotted(panel(image([*eye[1:], eye[4]])), kind="heat map")
    [claim] = [claim for claim in claims(shifted) if claim.kind == "diagonal"]
    assert claim["largest"] == 1.0


def test_rows_that_do_not_add_up_to_one_are_not_said_to():
    figure = plotted(panel(image([[0.5, 0.5], [0.5, 0.4999]])), kind="heat map")
    assert not {"rows", "diagonal", "row peaks"} & set(kinds(figure))


def test_equal_bars_have_no_largest():
    bars = {"kind": "bars", "label": "", "x": ["book", "cup, hot"], "y": [0.5, 0.5]}
    assert kinds(plotted(panel(bars))) == ["total"]


def test_no_figure_is_talked_to_death_and_every_series_has_its_say():
    figure = plotted(panel(*(line([1.0, 3.0, 2.0, float(k)]) for k in range(5))))
    assert len(claims(figure)) == 6
    assert {claim.series for claim in claims(figure)} == set(range(5))


def test_several_panels_are_told_apart():
    figure = plotted(panel(line([1.0, 2.0]), title="left"), panel(line([2.0, 1.0])))
    said = describe(figure, "en", CATALOGUE)
    assert said[0] == "In the panel “left”: the line rises at every step, from 1 to 2."
    assert "In panel 2: the line falls at every step, from 2 to 1." in said
    assert describe(figure, "zh", CATALOGUE)[0] == "“左”一图中，曲线逐点上升，从 1 升到 2。"


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-20, -1e-20, 0.1, -3.14159, 99.95, 1e6 + 0.5])
def test_bounds_are_rounded_outwards(value):
    low, high = (float(bound(value, value, up=up).replace("−", "-")) for up in (False, True))
    assert low <= value <= high
    assert high - low <= 0.011 * abs(value) + 1e-30


def test_a_rounded_number_is_said_to_be_about_so_much():
    figure = plotted(panel(line([1 / 3, 0.5], x=[0.0, 2 / 3])))
    assert describe(figure, "en", CATALOGUE) == [
        "The line rises at every step, from about 0.333 to 0.5.",
        "The line extends from x = 0 to about 0.667 and stays between 0.333 and 0.5.",
    ]
    assert describe(figure, "zh", CATALOGUE)[0] == "曲线逐点上升，从约 0.333 升到 0.5。"


def test_whole_numbers_keep_their_digits():
    assert (rounded(12345.0), rounded(-0.0001234), rounded(0.0)) == ("12345", "−0.000123", "0")


def test_claims_can_be_compared_and_copied():
    [claim, *_] = claims(plotted(panel(line([1.0, 2.0]))))
    assert claim == replace(claim)
    assert claim.number("first") == 1.0
    with pytest.raises(KeyError):
        claim["nothing"]


def test_a_table_shows_tiny_numbers_by_their_power_of_ten():
    series = {"kind": "line", "label": "truth", "x": [0, 1, 2], "y": [6.524e-37, 0.0, 2.5e-6]}
    panel = {"title": "", "xlabel": "x", "ylabel": "y", "xscale": "linear", "yscale": "linear"}
    figure = Plotted.of({"kind": "plot", "panels": [{**panel, "series": [series]}]})
    _, rows, _ = as_table(figure, "en")
    assert [row[-1] for row in rows] == ["6.524e-37", "0", "0.0000025"]
