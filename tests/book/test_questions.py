"""The page of questions: short answers, each with what it rests on, and true."""

import re
from pathlib import Path

import numpy as np
import pytest

from attnbook.press.words.load import WORDS

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "questions"


def answers(language):
    """Every question with its answer, as authors write them."""
    text = (ROOT / "docs" / language / "questions.md").read_text("utf-8")
    parts = re.split(r"^### (.+) \{#q-[a-z-]+\}$", text, flags=re.MULTILINE)[1:]
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    return {question: re.split(r"^## ", body, flags=re.M)[0] for question, body in found.items()}


@pytest.fixture(scope="module")
def numbers(the_book):
    return {name: one.value for name, one in the_book.executions[CHAPTER].numbers.items()}


@pytest.mark.parametrize("language", WORDS)
def test_an_answer_is_short_and_leads_on(language):
    found = answers(language)
    assert len(found) >= 25
    for question, answer in found.items():
        prose = re.sub(r"^``` cell.*?^```", "", answer, flags=re.MULTILINE | re.DOTALL)
        prose = re.sub(r"\]\([^)]*\)|\{\{.*?\}\}|\$.*?\$", " ", prose)
        if language == "zh":
            size = len(re.findall(r"[\u4e00-\u9fff]", prose)) / 1.6  # characters to a word
        else:
            size = len(prose.split())
        assert 25 <= size <= 150, (question, size)
        assert re.search(r"\]\([a-z-]*(?:\.md)?(?:#|\))", answer), question  # to another place
        assert "#" in answer or "``` cell" in answer, question


def test_both_languages_answer_the_same_questions():
    ids = [
        re.findall(r"\{#(q-[a-z-]+)\}", (ROOT / "docs" / code / "questions.md").read_text("utf-8"))
        for code in WORDS
    ]
    assert ids[0] == ids[1]
    links = [
        [re.findall(r"\]\(([a-z-]*\.md#[^)]+)\)", answer) for answer in answers(code).values()]
        for code in WORDS
    ]
    assert links[0] == links[1]


def test_a_learned_matrix_finds_the_feature_that_matters(numbers):
    assert numbers["error_matrix"] < numbers["error_one_w"] / 2
    assert numbers["of_second"] < numbers["of_first"] / 10


def test_many_dimensions_have_no_neighbourhood(numbers):
    generator = np.random.default_rng(0)
    for d, name in ((1, "nearness_1"), (16, "nearness_16")):
        points = generator.random((500, d))
        distances = np.sqrt(((points[:, None] - points) ** 2).sum(axis=-1))
        mean = distances.sum(axis=1) / 499
        np.fill_diagonal(distances, np.inf)
        nearness = (distances.min(axis=1) / mean).mean()
        # Half as many points: the nearest is a little further.
        assert nearness == pytest.approx(numbers[name] * 2 ** (1 / d), rel=0.15)
    assert numbers["needed_4"] == pytest.approx(1000**1.6)


def test_the_place_to_rest_takes_most_and_three_weights_give_one_output(the_book, numbers):
    assert numbers["weight_of_rest"] > 0.8
    text = the_book.executions[CHAPTER].results["same-output"].text
    assert re.findall(r"output ([\d.]+)", text) == ["2.0", "2.0", "2.0"]
