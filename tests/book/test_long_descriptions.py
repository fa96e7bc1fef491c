"""The long descriptions of the real book: every claim is true of what the figure shows.

The truth is found anew here, from the JSON and by other means than the press uses.
"""

import csv
import io
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from attnbook.press.figure_data.data_tables import (
    Plotted,
    as_csv,
    as_table,
    claims,
    describe,
    digest,
    say,
)
from attnbook.press.words.load import WORDS

ROOT = Path(__file__).resolve().parents[2]
DIAGRAMS = {"gaze-on-the-book", "gaze-on-the-cup", "queries-keys-values"}
HEAT_MAPS = {
    "identity-heatmap",
    "learned-projections",
    "nonparametric-heatmap",
    "parametric-heatmap",
    "random-softmax-heatmap",
    "saliency-map",
    "self-attention-heatmap",
    "three-matrices",
    "three-weightings",
    "what-the-prior-does",
}
QUOTED = re.compile(r"“[^”]*”")
BOUNDS = {"low": -1, "left": -1, "high": 1, "right": 1, "largest": 1}
NUMBER = re.compile(r"−?\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def figures(the_book):
    """What every figure of the book shows: as the file says it, and as the press reads it."""
    found = {}
    for execution in the_book.executions.values():
        for label, result in execution.results.items():
            path = execution.folder / "plotted" / f"{label}.json"
            assert path.is_file() == (result.figure is not None)
            if result.figure is not None:
                told = json.loads(path.read_text(encoding="utf-8"))
                found[label] = told, Plotted.load(path)
    return found


@pytest.fixture(scope="module")
def arrays(the_book):
    """The tensors of each chapter as they were after a cell."""

    def at(chapter, label):
        known = {}
        execution = the_book.executions[chapter]
        for name in execution.results:
            path = execution.folder / "arrays" / f"{name}.npz"
            if path.is_file():
                with np.load(path) as file:
                    known |= dict(file)
            if name == label:
                return known
        raise AssertionError(label)

    return at


def floats(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def monotone(y, x, sign):
    pairs = sorted(zip(x, y, strict=True))
    return all(sign * (b[1] - a[1]) > 0 for a, b in pairwise(pairs))


def holds(claim, told):
    """Whether ``claim`` is true of the figure that the JSON ``told`` describes."""
    panel = told["panels"][claim.panel]
    series = panel["series"][claim.series]
    if claim.label != series["label"] or (claim.xlabel, claim.ylabel) != (
        panel["xlabel"],
        panel["ylabel"],
    ):
        return False
    return CHECKS[series["kind"]](claim.kind, dict(claim.numbers), series, panel)


def line_holds(kind, said, series, panel):
    x, y = floats(series["x"]), floats(series["y"])
    if kind == "gaps":
        return said["count"] == np.isnan(x + y).sum()
    if kind == "distance":
        [other] = [one for one in panel["series"] if one["label"] == said["other"]]
        gaps = {float(a): abs(p - q) for a, p, q in zip(x, y, other["y"], strict=True)}
        return (
            other["x"] == series["x"] and max(gaps.values()) == said["largest"] == gaps[said["at"]]
        )
    x, y = x[~np.isnan(x + y)], y[~np.isnan(x + y)]
    if kind == "range":
        ends = said["first"], said["last"], said["low"], said["high"]
        return ends == (sorted(x)[0], sorted(x)[-1], sorted(y)[0], sorted(y)[-1])
    if kind == "constant":
        return (said["first"], said["last"]) == (min(x), max(x)) and np.allclose(
            y, said["value"], rtol=2e-6, atol=0
        )
    if kind == "level":
        return len(y) == 2 and set(y) == {said["value"]}
    if kind == "upright":
        return len(x) == 2 and set(x) == {said["value"]}
    if kind in {"rises", "falls"}:
        ends = (said["first"], said["last"]) == (y[x == min(x)][0], y[x == max(x)][0])
        return ends and monotone(y, x, 1 if kind == "rises" else -1)
    if kind in {"maximum", "minimum"}:
        best = sorted(y)[-1 if kind == "maximum" else 0]
        places = [a for a, b in zip(x, y, strict=True) if b == best]
        return said["value"] == best and places == [said["at"]] and min(x) < said["at"] < max(x)
    raise AssertionError(kind)


def points_hold(kind, said, series, _):
    x, y = floats(series["x"]), floats(series["y"])
    if kind == "point":
        return [said["x"]] == list(x) and [said["y"]] == list(y)
    assert kind == "points"
    box = said["left"], said["right"], said["low"], said["high"]
    return said["count"] == len(x) and box == (min(x), max(x), min(y), max(y))


def bars_hold(kind, said, series, _):
    names, values = series["x"], series["y"]
    if isinstance(values[0], str):
        names, values = values, names
    if kind == "total":
        return abs(sum(values) - said["total"]) < 1e-4
    assert kind == "bars"
    ranked = sorted(zip(values, names, strict=True))
    return ranked[-1] == (said["high"], said["largest"]) and ranked[0] == (
        said["low"],
        said["smallest"],
    )


def image_holds(kind, said, series, _):
    values = np.array([floats(row) for row in series["values"]])
    x, y = floats(series["x"]), floats(series["y"])
    cells = {(i, j): v for (i, j), v in np.ndenumerate(values) if not np.isnan(v)}
    best = max(cells.values())
    top = [place for place, value in cells.items() if value == best]
    if kind == "image":
        return (said["rows"], said["columns"]) == values.shape and (said["low"], said["high"]) == (
            min(cells.values()),
            best,
        )
    if kind == "gaps":
        return said["count"] == values.size - len(cells)
    if kind == "peaks":
        return (said["value"], said["count"]) == (best, len(top))
    if kind == "peak":
        return said["value"] == best and [(said["y"], said["x"])] == [(y[i], x[j]) for i, j in top]
    if kind == "spot":
        [(i, j)] = top
        left = (x[j] - x[0] + (x[1] - x[0]) / 2) / ((x[-1] - x[0]) + (x[1] - x[0]))
        down = (y[i] - y[0] + (y[1] - y[0]) / 2) / ((y[-1] - y[0]) + (y[1] - y[0]))
        return said["value"] == best and np.allclose([said["left"], said["top"]], [left, down])
    if kind == "rows":
        return all(abs(sum(row) - said["total"]) < 1e-4 for row in values)
    if kind == "row peaks":
        tops = sorted(max(row) for row in values)
        return (said["low"], said["high"]) == (tops[0], tops[-1])
    if kind == "diagonal":
        apart = [
            abs(x[j] - y[i])
            for i, row in enumerate(values)
            for j, value in enumerate(row)
            if value == max(row)
        ]
        return max(apart) == said["largest"]
    raise AssertionError(kind)


def tidy(panel, language, catalogue):
    """Label and numbers of every row that a CSV of ``panel`` should have."""
    for series in panel["series"]:
        label = catalogue.translate(series["label"], language)
        if series["kind"] == "image":
            for y, row in zip(series["y"], series["values"], strict=True):
                yield from (
                    (label, (x, y, value)) for x, value in zip(series["x"], row, strict=True)
                )
        else:
            for pair in zip(series["x"], series["y"], strict=True):
                yield (
                    label,
                    [catalogue.translate(v, language) if isinstance(v, str) else v for v in pair],
                )


def parsed(text):
    try:
        return float(text) if text else None
    except ValueError:
        return text


CHECKS = {"line": line_holds, "points": points_hold, "bars": bars_hold, "image": image_holds}


def changed(claim):
    """Claims that say something else in one place each."""
    for index, (name, value) in enumerate(claim.numbers):
        other = "nothing" if isinstance(value, str) else value + max(1e-3, abs(value) / 100)
        numbers = list(claim.numbers)
        numbers[index] = name, other
        yield replace(claim, numbers=tuple(numbers))


def test_every_kind_of_figure_is_known(figures):
    assert {name for name, (told, _) in figures.items() if told["kind"] == "diagram"} == DIAGRAMS
    assert {name for name, (told, _) in figures.items() if told["kind"] == "heat map"} == HEAT_MAPS


def test_every_claim_is_true(figures):
    count = 0
    for name, (told, plotted) in figures.items():
        for claim in claims(plotted):
            assert holds(claim, told), (name, claim)
            count += 1
        assert bool(claims(plotted)) == (name not in DIAGRAMS)
    assert count > len(figures)


def test_a_wrong_claim_is_caught(figures):
    """Else the test above could not fail: change each number of each claim in turn."""
    for name, (told, plotted) in figures.items():
        for claim in claims(plotted):
            for wrong in changed(claim):
                try:
                    caught = not holds(wrong, told)
                except (KeyError, ValueError):  # a line or a place that does not exist
                    caught = True
                assert caught, (name, wrong)
            assert not holds(replace(claim, label="nobody"), told)


def test_a_change_of_the_numbers_is_caught(figures):
    told, plotted = figures["nonparametric-heatmap"]
    altered = json.loads(json.dumps(told))
    values = altered["panels"][0]["series"][0]["values"]
    values[25][0] = 0.5
    false = {claim.kind for claim in claims(plotted) if not holds(claim, altered)}
    assert {"diagonal", "peak", "rows", "row peaks", "image"} == false
    assert digest(Plotted.of(altered)) != digest(plotted)


@pytest.mark.parametrize("language", WORDS)
def test_a_sentence_says_the_numbers_of_its_claim(the_book, figures, language):
    for name, (_, plotted) in figures.items():
        for claim in claims(plotted):
            sentence = say(claim, language, the_book.catalogue)
            written = NUMBER.findall(QUOTED.sub("", sentence))
            said = [float(text.replace("−", "-")) for text in written]
            exact = [value for _, value in claim.numbers if not isinstance(value, str)]
            if claim.kind == "spot":  # in per cent
                exact = [exact[0], 100 * exact[1], 100 * exact[2]]
            if claim.kind == "diagonal" and exact == [0]:
                exact = []  # in words
            assert len(said) == len(exact), (name, sentence)
            scale = max(map(abs, exact), default=0)
            # As the sentence may say them in another order: each has its own counterpart.
            for number, value in zip(sorted(said), sorted(exact), strict=True):
                assert abs(number - value) <= 0.012 * max(abs(value), scale), (name, sentence)
            if claim.kind in {"bars", "spot"}:
                continue
            for end, sign in BOUNDS.items():
                if end in dict(claim.numbers) and said:
                    value = claim.number(end)
                    away = [sign * (number - value) for number in said]
                    assert any(0 <= step <= 0.1 * max(abs(value), scale) for step in away), (
                        name,
                        sentence,
                    )


@pytest.mark.parametrize("language", WORDS)
def test_sentences_are_well_formed(the_book, figures, language):
    for name, (_, plotted) in figures.items():
        sentences = describe(plotted, language, the_book.catalogue)
        assert len(sentences) <= 6
        assert len(set(sentences)) == len(sentences), name
        for sentence in sentences:
            assert sentence.endswith("。" if language == "zh" else ".")
            assert "  " not in sentence
            if language == "zh":
                assert not re.search(
                    r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", sentence
                )
                assert not re.search(
                    r"[\u4e00-\u9fff] [\u4e00-\u9fff]|[,;:?!()]", QUOTED.sub("", sentence)
                )
            else:
                assert not re.search(r"[\u3000-\u9fff]", sentence)


@pytest.mark.parametrize("language", WORDS)
def test_csv_gives_the_arrays_back(the_book, figures, language):
    catalogue = the_book.catalogue
    for name, (told, plotted) in figures.items():
        translated = plotted.translated(lambda text: catalogue.translate(text, language))
        header, *rows = csv.reader(io.StringIO(as_csv(translated, language)))
        assert all(len(row) == len(header) for row in rows)
        assert len(set(header)) == len(header)
        expected = [
            (catalogue.translate(panel["title"], language), label, *numbers)
            for panel in told["panels"]
            for label, numbers in tidy(panel, language, catalogue)
        ]
        start = 2 if len(told["panels"]) > 1 else 1
        found = [(*row[:start], *map(parsed, row[start:])) for row in rows]
        assert found == [row[2 - start :] for row in expected], name
        _, sample, total = as_table(translated, language)
        assert total == len(rows)
        assert bool(sample) == bool(total)
        assert len(sample) <= 8
        assert {row[0] for row in sample} == {row[0] for row in rows}


def test_figures_show_what_the_chapters_computed(figures, arrays):
    """The way from the tensors to the file, which `holds` takes on trust."""
    known = arrays("nadaraya_watson", "nonparametric-heatmap")
    [heat_map] = figures["nonparametric-heatmap"][0]["panels"][0]["series"]
    np.testing.assert_allclose(heat_map["values"], known["attention_weights"], rtol=1e-6)
    np.testing.assert_allclose(heat_map["x"], known["x_train"], rtol=1e-6)
    np.testing.assert_allclose(heat_map["y"], known["x_test"], rtol=1e-6)

    truth, prediction, training = figures["nonparametric-fit"][0]["panels"][0]["series"]
    np.testing.assert_allclose(truth["y"], known["y_truth"], rtol=1e-6)
    np.testing.assert_allclose(prediction["y"], known["y_nonparametric"], rtol=1e-6)
    np.testing.assert_allclose(prediction["x"], known["x_test"], rtol=1e-6)
    np.testing.assert_allclose(training["x"], known["x_train"], rtol=1e-6)
    np.testing.assert_allclose(training["y"], known["y_train"], rtol=1e-6)

    known = arrays("attention_cues", "with-and-without-query")
    without, wanted = figures["with-and-without-query"][0]["panels"][0]["series"]
    np.testing.assert_allclose(without["x"], known["without_query"], rtol=1e-6)
    np.testing.assert_allclose(wanted["x"], known["with_query"], rtol=1e-6)
    [layer] = figures["saliency-map"][0]["panels"][0]["series"]
    np.testing.assert_allclose(layer["values"], known["stands_out"][::2, ::2], rtol=1e-6)


def test_digests_tell_figures_with_data_apart(figures):
    digests = [digest(plotted) for _, plotted in figures.values() if plotted.kind != "diagram"]
    assert len(set(digests)) == len(digests)
