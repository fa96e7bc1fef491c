"""The site as a research object, read by RO-Crate's own library and by a JSON-LD processor."""

import hashlib
import json
from importlib import resources
from pathlib import Path
from urllib.parse import urljoin

import pytest
from pyld import jsonld
from rocrate.rocrate import ROCrate

import fake_figures
from attnbook.press.base.errors import PressError
from attnbook.press.handouts import research_object

SCHEMA = "http://schema.org/"
CONTEXT = json.loads(resources.files("rocrate").joinpath("data/ro-crate.jsonld").read_text("utf-8"))


@pytest.fixture(params=(fake_figures.PUBLISHED, fake_figures.LOCAL), ids=("published", "local"))
def imprint(request):
    return request.param


@pytest.fixture
def site(tmp_path, imprint) -> Path:
    site = fake_figures.site(tmp_path / "site", imprint)
    (site / research_object.NAME).write_text(research_object.crate(site), encoding="utf-8")
    return site


@pytest.fixture
def read(site) -> ROCrate:
    return ROCrate(site)


def references(value):
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one)


def test_the_library_reads_the_book(read, imprint):
    root = read.root_dataset
    assert read.version == "1.3"
    assert root["name"] == "注意力之书 / The Attention Book"
    assert root["version"] == imprint.version
    assert root["license"].id == imprint.licence.address
    assert root["datePublished"] == read.datePublished.date().isoformat() == "2026-11-24"
    assert [author["name"] for author in root["author"]] == list(imprint.authors)
    assert root.get("url") == (f"{imprint.address}/" if imprint.address else None)


def test_the_library_finds_every_file_of_both_languages_and_the_wheel(site, read):
    files = {entity.id: entity for entity in read.data_entities if entity.type == "File"}
    there = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert set(files) == there - {research_object.NAME}
    for name, entity in files.items():
        content = (site / name).read_bytes()
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))
        assert "/" in entity["encodingFormat"]


def test_the_library_writes_the_crate_again_with_all_files(read, site, tmp_path):
    read.write(tmp_path / "again")
    again = {path.name for path in (tmp_path / "again").rglob("*.svg")}
    assert again == {path.name for path in site.rglob("*.svg")} and len(again) == 4


def test_every_file_of_a_figure_tells_which_cell_drew_it(read):
    actions = read.root_dataset["mentions"]
    assert {action.id for action in actions} == {"#draw-straight-line", "#draw-what-looks"}
    for action in actions:
        slug = action.id.removeprefix("#draw-")
        made = [file.id for file in action["result"]]
        assert {Path(name).name.split(".")[0] for name in made} == {slug}
        assert {name.split("/")[0] for name in made} == {"zh", "en"}
        assert len(made) == len(set(made)) >= 18
        assert action["object"]["name"] == f"Cell {slug} of attnbook/chapters/toy.py"
        assert action["object"]["isPartOf"]["name"] == "attnbook/chapters/toy.py"
        assert action["instrument"]["softwareVersion"] == "0.2.0"
        assert action["instrument"]["version"] == fake_figures.COMMIT


def test_a_figure_is_known_by_its_permanent_link_where_there_is_one(read, imprint):
    svg = read.dereference("en/figures/straight-line.svg")
    address = f"{imprint.address}/en/figures/straight-line/"
    assert svg.get("identifier") == (address if imprint.address else None)
    assert svg["description"] == fake_figures.LINE.alt


def test_every_reference_leads_to_something_told(site):
    graph = json.loads((site / research_object.NAME).read_text("utf-8"))["@graph"]
    ids = [entity["@id"] for entity in graph]
    assert len(ids) == len(set(ids))
    missing = set(references(graph)) - set(ids) - {research_object.VERSION}
    assert not missing


def test_a_json_ld_processor_understands_every_word(site):
    def offline(url, options):
        assert url == f"{research_object.VERSION}/context"
        return {"contextUrl": None, "documentUrl": url, "document": CONTEXT}

    told = json.loads((site / research_object.NAME).read_text("utf-8"))
    options = {"documentLoader": offline, "base": "https://book.example/"}
    expanded = {one["@id"]: one for one in jsonld.expand(told, options)}
    assert len(expanded) == len(told["@graph"])
    # Words that the context does not know would have been dropped.
    for entity in told["@graph"]:
        found = expanded[urljoin("https://book.example/", entity["@id"])]
        assert len(found) == len(entity)
        assert all(kind.startswith(SCHEMA) for kind in found["@type"])
    svg = expanded["https://book.example/en/figures/straight-line.svg"]
    assert svg["@type"] == [f"{SCHEMA}MediaObject"]
    assert svg[f"{SCHEMA}sha256"][0]["@value"]


def test_the_same_site_gives_the_same_bytes(site):
    assert research_object.crate(site) == (site / research_object.NAME).read_text("utf-8")


def test_without_an_index_there_is_no_crate(tmp_path):
    with pytest.raises(PressError, match=r"index\.json"):
        research_object.crate(tmp_path)
