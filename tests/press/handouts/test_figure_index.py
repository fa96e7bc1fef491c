"""The index of the figures for machines, read as its schema says."""

import hashlib
import json
from dataclasses import replace

import jsonschema
import pytest

import fake_figures
from attnbook.press.base.errors import PressError
from attnbook.press.handouts import figure_index
from attnbook.press.handouts.formats import FORMATS

SCHEMA = json.loads(figure_index.schema())


def validate(told):
    jsonschema.Draft7Validator(SCHEMA).validate(told)


@pytest.fixture(params=("zh", "en"))
def language(request):
    return request.param


@pytest.fixture(params=(fake_figures.PUBLISHED, fake_figures.LOCAL), ids=("published", "local"))
def imprint(request):
    return request.param


@pytest.fixture
def told(language, imprint):
    return json.loads(
        figure_index.index(fake_figures.entries(imprint)[language], imprint, language)
    )


def objects(schema):
    """Every part of the schema that describes an object."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)


def test_the_schema_is_one_itself():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_the_schema_allows_and_requires_just_what_it_describes():
    assert len(list(objects(SCHEMA))) == 6
    for part in objects(SCHEMA):
        assert part["additionalProperties"] is False
        assert sorted(part["required"]) == sorted(part["properties"])
        for told in part["properties"].values():
            assert "description" in told or "$ref" in told


def test_the_schema_knows_the_roles_of_all_files():
    known = SCHEMA["definitions"]["file"]["properties"]["role"]["enum"]
    assert set(known) == {kind.role for kind in FORMATS.values()}


def test_an_index_is_as_its_schema_says(told):
    validate(told)
    assert told["$schema"] == figure_index.SCHEMA


def test_an_index_tells_every_file_with_its_digest(told, language, imprint):
    expected = [fake_figures.files(record) for record in fake_figures.records(imprint)[language]]
    assert [
        {file["name"]: (file["bytes"], file["sha256"]) for file in figure["files"]}
        for figure in told["figures"]
    ] == [
        {
            name: (len(content), hashlib.sha256(content).hexdigest())
            for name, content in files.items()
        }
        for files in expected
    ]
    types = {file["name"]: file["type"] for file in told["figures"][0]["files"]}
    assert types["straight-line.dark.svg"] == types["straight-line.svg"] == "image/svg+xml"


def test_a_figure_is_told_with_all_that_its_record_says(told, language, imprint):
    record, figure = fake_figures.records(imprint)[language][0], told["figures"][0]
    for name in ("slug", "kind", "title", "caption", "alt", "description", "cell", "path"):
        assert figure[name] == getattr(record, name)
    assert figure["seeds"] == list(record.seeds)
    assert figure["dataDigest"] == record.digest
    assert figure["citation"] == fake_figures.CITATIONS
    assert figure["chapter"]["page"] == f"{language}/toy.html#fig-straight-line"
    assert (figure["width"], figure["height"]) == (216, 144.5)


def test_a_diagram_has_neither_data_nor_description(told):
    diagram = told["figures"][1]
    assert diagram["dataDigest"] is diagram["description"] is None
    assert "data" not in {file["role"] for file in diagram["files"]}


def test_only_a_published_copy_has_permanent_links(told, imprint):
    links = [figure["permalink"] for figure in told["figures"]]
    if imprint.address:
        assert links == [f"{imprint.address}/{figure['path']}" for figure in told["figures"]]
    else:
        assert links == [None, None] and told["book"]["address"] is None


def test_outside_of_version_control_the_commit_is_null():
    imprint = replace(fake_figures.LOCAL, commit="")
    told = json.loads(figure_index.index(fake_figures.entries(imprint)["en"], imprint, "en"))
    assert told["book"]["commit"] is None
    validate(told)


def test_the_index_does_not_depend_on_the_order_in_which_files_were_made():
    imprint, entries = fake_figures.PUBLISHED, fake_figures.entries()["en"]
    turned = [
        replace(
            entry,
            files=dict(reversed(entry.files.items())),
            citations=dict(reversed(entry.citations.items())),
        )
        for entry in entries
    ]
    assert figure_index.index(turned, imprint, "en") == figure_index.index(entries, imprint, "en")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop("book"),
        lambda told: told.update(number=1),
        lambda told: told["book"].update(address="book.example"),
        lambda told: told["book"].update(address="https://book.example/"),
        lambda told: told["book"].update(commit="HEAD"),
        lambda told: told["book"].update(date="24 November 2026"),
        lambda told: told["book"].update(language="fr"),
        lambda told: told["figures"][0].pop("alt"),
        lambda told: told["figures"][0].update(alt=""),
        lambda told: told["figures"][0].update(kind="photograph"),
        lambda told: told["figures"][0].update(slug="Figure 1"),
        lambda told: told["figures"][0].update(seeds=[0.5]),
        lambda told: told["figures"][0].update(dataDigest="ab"),
        lambda told: told["figures"][0].update(width=0),
        lambda told: told["figures"][0].update(path="/figures/x"),
        lambda told: told["figures"][0].update(files=[]),
        lambda told: told["figures"][0]["citation"].pop("gbt7714"),
        lambda told: told["figures"][0]["files"][0].update(sha256="0" * 63 + "G"),
        lambda told: told["figures"][0]["files"][0].update(bytes="12"),
        lambda told: told["figures"][0]["files"][0].update(role="poster"),
        lambda told: told["figures"][0]["files"][0].update(name="../x.svg"),
    ],
)
def test_a_wrong_index_is_refused(spoil):
    imprint = fake_figures.PUBLISHED
    told = json.loads(figure_index.index(fake_figures.entries()["en"], imprint, "en"))
    validate(told)
    spoil(told)
    with pytest.raises(jsonschema.ValidationError):
        validate(told)


@pytest.mark.parametrize("name", ["other-figure.svg", "straight-line.gif", "straight-line"])
def test_a_file_that_is_not_of_the_figure_is_an_error_that_names_it(name):
    entry = fake_figures.entries()["en"][0]
    entry = replace(entry, files={**entry.files, name: b"?"})
    with pytest.raises(PressError, match=name):
        figure_index.index([entry], fake_figures.PUBLISHED, "en")


def test_an_index_of_one_language_refuses_figures_of_another():
    with pytest.raises(PressError, match="straight-line"):
        figure_index.index(fake_figures.entries()["zh"], fake_figures.PUBLISHED, "en")


def test_a_site_without_an_index_says_which(tmp_path):
    site = fake_figures.site(tmp_path)
    assert [told["book"]["language"] for told in figure_index.load(site).values()] == ["zh", "en"]
    (site / "en" / "figures" / "index.json").unlink()
    with pytest.raises(PressError, match=r"en/figures/index\.json"):
        figure_index.load(site)
