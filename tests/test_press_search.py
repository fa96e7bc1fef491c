"""Search shows formulas, not TeX, and looks up whole Chinese words."""

from __future__ import annotations

import json
from pathlib import Path

import material
import pytest

from attnbook.press import search
from attnbook.press.errors import PressError


def tidied(tmp_path, **entry: str) -> dict[str, str]:
    index = tmp_path / "search_index.json"
    data = {"config": {"lang": ["zh"]}, "docs": [{"location": "a.html", **entry}]}
    index.write_text(json.dumps(data), "utf-8")
    search.tidy(index)
    done = json.loads(index.read_text("utf-8"))
    assert done["config"] == data["config"]
    assert done["docs"][0]["location"] == "a.html"
    return done["docs"][0]


def test_formulas_become_what_readers_see(tmp_path):
    entry = tidied(
        tmp_path,
        title=r"What \(w\) learns",
        text="<p>查询\u200b\\(x\\)，\\(\\alpha &lt; 1\\)</p> \\[f(x) = y_i \\tag{10.2.4}\\]",
    )
    assert entry["title"] == "What w learns"
    assert entry["text"] == "<p>查询\u200bx，α&lt;1</p> f(x)=yi(10.2.4)"


def test_notebooks_do_not_repeat_their_chapters(tmp_path):
    index = tmp_path / "search_index.json"
    docs = [
        {"location": location, "title": "t", "text": ""}
        for location in ("a.html", "notebooks/a.html", "a.html#b", "notebooks/a.html#b")
    ]
    index.write_text(json.dumps({"docs": docs}), "utf-8")
    search.tidy(index)
    left = [entry["location"] for entry in json.loads(index.read_text("utf-8"))["docs"]]
    assert left == ["a.html", "a.html#b"]


def test_words_inside_formulas_are_words(tmp_path):
    text = "\\[\\text{\u200b留一\u200b损失\u200b}\\]"
    assert tidied(tmp_path, title="t", text=text)["text"] == "留一损失"


def test_the_rest_stays_as_it_is(tmp_path):
    text = "<pre><code>f(x)[0] &amp; (y)</code></pre>"
    assert tidied(tmp_path, title="a (b)", text=text) == {
        "location": "a.html",
        "title": "a (b)",
        "text": text,
    }


def material_worker() -> str:
    folder = Path(material.__file__).parent / "templates" / "assets" / "javascripts" / "workers"
    (worker,) = folder.glob("search.*.js")
    return worker.read_text("utf-8")


def test_the_worker_of_the_installed_material_is_mended_once():
    worker = material_worker()
    mended = search.mended(worker)
    assert mended != worker
    assert all(right in mended and wrong not in mended for wrong, right in search.WORKER)
    assert search.mended(mended) == mended


def test_another_worker_is_refused_rather_than_left_broken():
    with pytest.raises(PressError, match="cuts Chinese queries"):
        search.mended("function segment() {}")


def test_index_and_worker_of_an_edition_are_both_mended(tmp_path):
    index = tmp_path / "search" / "search_index.json"
    worker = tmp_path / "assets" / "javascripts" / "workers" / "search.1234.min.js"
    for path in (index, worker):
        path.parent.mkdir(parents=True)
    index.write_text(
        json.dumps({"docs": [{"location": "a", "title": r"\(w\)", "text": ""}]}), "utf-8"
    )
    worker.write_text(material_worker(), "utf-8")
    search.finish(tmp_path)
    assert json.loads(index.read_text("utf-8"))["docs"][0]["title"] == "w"
    assert worker.read_text("utf-8") == search.mended(material_worker())
