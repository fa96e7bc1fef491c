"""Citations, read by programs that had no part in writing them."""

import json
import re
import shutil
import subprocess
import tomllib
import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path

import bibtexparser
import citeproc
import pytest
import rispy
import yaml
from bibtexparser.middlewares import LatexDecodingMiddleware
from bs4 import BeautifulSoup
from cffconvert import Citation as CffCitation
from citeproc import Citation as Cited
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown

import imprints
from attnbook.press.base.errors import PressError
from attnbook.press.base.imprint import Imprint, address
from attnbook.press.figures.figure_record import Record
from attnbook.press.metadata import citation
from attnbook.press.metadata.citation_styles import STYLES
from attnbook.press.pages import citation_box

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "https://book.example/attention"
DAY = date(2026, 12, 1)
FILES = {"bib": "../x.bib", "ris": "../x.ris", "json": "../x.json"}
TITLES = {"zh": "非参数注意力权重", "en": "Attention weights of every query"}
NASTY = '</script><b>“50%” & {all} #1_$x ~^| \\frac ‘q’ "d" ，。；（全角）< > ]]> <!-- ..,. ?!'


def imprint(**changes) -> Imprint:
    known = imprints.imprint(
        "0.1.0", "ab12" * 10, date(2026, 11, 24), ADDRESS, ("The attnbook authors",)
    )
    return replace(known, **changes)


def record(language: str, title: str = "", **changes) -> Record:
    return Record(
        imprint=imprint(**changes),
        language=language,
        slug="nonparametric-heatmap",
        kind="heat map",
        title=title or TITLES[language],
        caption="Each row is a query.",
        alt="A square heat map.",
        description="",
        chapter="10.2",
        page="nadaraya-watson",
        script="attnbook/chapters/nadaraya_watson.py",
        seeds=(1,),
        digest="",
        width=422.4,
        height=346.0,
    )


def figure(language: str, title: str = "", **changes) -> citation.Citation:
    return citation.of_figure(record(language, title, **changes))


def all_four(**changes) -> list[citation.Citation]:
    """The figure and the book, in both languages."""
    return [
        made
        for language in ("zh", "en")
        for made in (
            figure(language, **changes),
            citation.of_book(imprint(**changes), language),
        )
    ]


# Titles as captions give them: one line, no control characters, no spaces at the ends.
titles = (
    st.text(
        st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" </>&%#_{}$~^\\|\"'“”，。"),
        min_size=1,
        max_size=30,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)

# Names of LaTeX2e's text symbols that pylatexenc lacks or reads as an accent: signs in their stead.
UNKNOWN_TO_PYLATEXENC = {
    "less": "①",
    "greater": "②",
    "bar": "③",
    "braceleft": "④",
    "braceright": "⑤",
    "asciicircum": "⑥",
}
# LaTeX sets them as one sign, which changes no word.
LIGATURES = (("”", "''"), ("“", "``"), ("—", "---"), ("–", "--"), ("¡", "!`"), ("¿", "?`"))

# Checked by hand against the examples of GB/T 7714—2025 that the Chinese Zotero community's styles
# are tested with: books and parts of books on line have no day of access, “2 版” has a space.
GBT = {
    "zh": (
        "attnbook 作者. 非参数注意力权重[M/OL]//attnbook 作者. 注意力之书. 0.1.0 版. "
        f"2026. {ADDRESS}/zh/figures/nonparametric-heatmap/.",
        f"attnbook 作者. 注意力之书[M/OL]. 0.1.0 版. 2026. {ADDRESS}/zh/.",
    ),
    "en": (
        "The attnbook authors. Attention weights of every query[M/OL]//The attnbook authors. The "
        f"Attention Book. Version 0.1.0. 2026. {ADDRESS}/en/figures/nonparametric-heatmap/.",
        f"The attnbook authors. The Attention Book[M/OL]. Version 0.1.0. 2026. {ADDRESS}/en/.",
    ),
}
# Against GB/T 7714—2015, 4.1.1 (books) and 4.2.1 (parts of books), on line: makers.
# title[M/OL]//makers of the whole. title of the whole. edition. year[day of access]. address.
GBT_2015 = {
    "zh": (
        "attnbook 作者. 非参数注意力权重[M/OL]//attnbook 作者. 注意力之书. 0.1.0版. "
        f"2026[2026-12-01]. {ADDRESS}/zh/figures/nonparametric-heatmap/.",
        f"attnbook 作者. 注意力之书[M/OL]. 0.1.0版. 2026[2026-12-01]. {ADDRESS}/zh/.",
    ),
    "en": (
        "The attnbook authors. Attention weights of every query[M/OL]//The attnbook authors. The "
        "Attention Book. Version 0.1.0. 2026[2026-12-01]. "
        f"{ADDRESS}/en/figures/nonparametric-heatmap/.",
        "The attnbook authors. The Attention Book[M/OL]. Version 0.1.0. 2026[2026-12-01]. "
        f"{ADDRESS}/en/.",
    ),
}
# APA 7: the title of a part is upright, that of the whole is in italics.
APA = {
    "zh": (
        "attnbook 作者. (2026). 非参数注意力权重 [图]. 见 <i>注意力之书</i> (版本 0.1.0). "
        f"{ADDRESS}/zh/figures/nonparametric-heatmap/",
        f"attnbook 作者. (2026). <i>注意力之书</i> (版本 0.1.0). {ADDRESS}/zh/",
    ),
    "en": (
        "The attnbook authors. (2026). Attention weights of every query [Figure]. In <i>The "
        f"Attention Book</i> (Version 0.1.0). {ADDRESS}/en/figures/nonparametric-heatmap/",
        f"The attnbook authors. (2026). <i>The Attention Book</i> (Version 0.1.0). {ADDRESS}/en/",
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_gb_t_7714_is_as_the_standard_wants(language):
    of_figure, of_book = GBT[language]
    assert figure(language).formatted("gbt7714", DAY) == of_figure
    assert citation.of_book(imprint(), language).formatted("gbt7714", DAY) == of_book


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_standard_of_2015_is_there_by_its_name(language):
    of_figure, of_book = GBT_2015[language]
    assert figure(language).formatted("gbt7714-2015", DAY) == of_figure
    assert citation.of_book(imprint(), language).formatted("gbt7714-2015", DAY) == of_book


def test_marks_between_names_are_full_width_since_2025():
    names = ("甲", "乙", "丙", "丁", "戊")
    assert figure("zh", authors=names).formatted("gbt7714").startswith("甲，乙，丙，等. 非参数")
    assert figure("zh", authors=names[:3]).formatted("gbt7714").startswith("甲，乙，丙. 非参数")
    assert "//甲，乙，丙，等. 注意力之书" in figure("zh", authors=names).formatted("gbt7714")
    assert figure("en", authors=names).formatted("gbt7714").startswith("甲，乙，丙，et al. Att")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_apa_is_as_its_manual_wants(language):
    of_figure, of_book = APA[language]
    assert figure(language).formatted("apa", DAY, markup=True) == of_figure
    assert citation.of_book(imprint(), language).formatted("apa", DAY, markup=True) == of_book
    assert figure(language).formatted("apa") == re.sub("</?i>", "", of_figure)


def test_without_a_day_of_access_words_stand_in_its_place():
    assert "2026[引用日期]. https" in figure("zh").formatted("gbt7714-2015")
    assert "2026[date of access]. https" in figure("en").formatted("gbt7714-2015")
    marked = figure("zh").formatted("gbt7714-2015", markup=True)
    assert '[<span class="cite-accessed">引用日期</span>]' in marked


def test_several_authors_are_each_named():
    names = ("Ada Lovelace", "The attnbook authors", "李明")
    several = figure("en", authors=names)
    assert several.formatted("gbt7714").startswith("Ada Lovelace，The attnbook authors，李明. Att")
    assert several.formatted("apa").startswith("Ada Lovelace, The attnbook authors, & 李明. (2026)")
    (entry,) = bibtexparser.parse_string(several.bibtex()).entries
    assert entry["author"] == "{Ada Lovelace} and {The attnbook authors} and {李明}"


def test_an_unknown_style_is_refused_with_those_there_are():
    with pytest.raises(PressError, match=r"“gb7714”(.|\n)*apa, gbt7714"):
        figure("zh").formatted("gb7714")


@given(title=titles, style=st.sampled_from(sorted(STYLES)))
@example(title=NASTY, style="apa")
@example(title=NASTY, style="gbt7714")
def test_a_title_is_printed_as_it_is(title, style):
    made = figure("en", title)
    plain = made.formatted(style, DAY)
    assert title in plain
    marked = made.formatted(style, DAY, markup=True)
    soup = BeautifulSoup(f"<p>{marked}</p>", "html.parser")
    assert soup.get_text() == plain
    assert {element.name for element in soup.find_all(True)} <= {"p", "i"}


@pytest.mark.parametrize("made", all_four(), ids=lambda made: f"{made.language}-{made.name}")
def test_bibtex_is_read_by_bibtexparser(made):
    library = bibtexparser.parse_string(made.bibtex())
    assert library.failed_blocks == []
    (entry,) = library.entries
    assert entry.key == made.key
    assert entry.entry_type == ("incollection" if made.book else "book")
    assert entry["author"] == f"{{{made.authors[0]}}}"
    assert entry["title"] == f"{{{made.title}}}"
    assert entry["year"] == "2026"
    assert entry["url"] == made.address
    assert entry["edition"] == "0.1.0"
    assert "CC BY 4.0" in entry["note"]
    if made.book:
        assert entry["booktitle"] == f"{{{made.book}}}"


def program(name: str) -> str:
    """The path of a program that reads bibliographies, of TeX Live or beside it."""
    return shutil.which(name) or pytest.skip(f"no {name} here (Debian: texlive-base biber pandoc)")


def bibliography(folder: Path) -> str:
    """All four citations in one file, ``book.bib``; what it is called without its suffix."""
    keys = ((made.key, f"{made.key}-{made.language}") for made in all_four())
    texts = (made.bibtex().replace(*key, 1) for made, key in zip(all_four(), keys, strict=True))
    (folder / "book.bib").write_text("\n".join(texts), "utf-8")
    return "book"


@pytest.mark.parametrize("style", ["plain", "unsrt", "abbrv", "alpha", "apalike"])
def test_the_styles_of_bibtex_print_the_address_and_complain_of_nothing(style, tmp_path):
    command = program("bibtex")
    lines = ("\\relax", "\\citation{*}", f"\\bibstyle{{{style}}}")
    aux = "\n".join([*lines, f"\\bibdata{{{bibliography(tmp_path)}}}", ""])
    (tmp_path / "paper.aux").write_text(aux, "utf-8")
    done = subprocess.run([command, "paper"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "Warning" not in done.stdout
    printed = " ".join((tmp_path / "paper.bbl").read_text("utf-8").replace("%\n", "").split())
    for made in all_four():
        assert made.address in printed
        assert made.title in printed and made.book in printed
        assert f"{made.version} edition" in printed


def test_biber_complains_of_nothing(tmp_path):
    command = [program("biber"), "--tool", "--nolog", f"{bibliography(tmp_path)}.bib"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "WARN" not in done.stdout and "ERROR" not in done.stdout, done.stdout
    made = (tmp_path / "book_bibertool.bib").read_text("utf-8")
    assert all(one.address in made and one.title in made for one in all_four())


def test_pandoc_reads_from_bibtex_what_the_csl_json_says(tmp_path):
    command = [program("pandoc"), "--from=bibtex", "--to=csljson", f"{bibliography(tmp_path)}.bib"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    read = {item["title"]: item for item in json.loads(done.stdout)}
    assert len(read) == 4
    for made in all_four():
        (item,) = json.loads(made.csl())
        for name in ("type", "title", "container-title", "edition", "author", "URL"):
            assert read[made.title].get(name) == item.get(name), name
        assert read[made.title]["issued"]["date-parts"] == [[2026, 11]]


@pytest.mark.parametrize("made", all_four(), ids=lambda made: f"{made.language}-{made.name}")
def test_every_form_says_the_same(made):
    (bib,) = bibtexparser.parse_string(made.bibtex()).entries
    (ris,) = rispy.loads(made.ris())
    (csl,) = json.loads(made.csl())
    kinds = ("incollection", "CHAP", "chapter") if made.book else ("book", "BOOK", "book")
    assert (bib.entry_type, ris["type_of_reference"], csl["type"]) == kinds
    whole = bib["booktitle"].strip("{}") if made.book else ""
    assert {whole, ris.get("secondary_title", ""), csl.get("container-title", "")} == {made.book}
    assert {bib["edition"], ris["edition"], csl["edition"], csl["version"]} == {made.version}
    assert {bib["url"], *ris["urls"], csl["URL"]} == {made.address}
    assert {bib["year"], ris["year"], str(csl["issued"]["date-parts"][0][0])} == {"2026"}
    for style in STYLES:
        text = made.formatted(style, DAY)
        assert made.title in text and made.book in text and made.address in text
        assert made.version in text and "2026" in text


@given(title=titles)
@example(title=NASTY)
def test_latex_prints_the_title_that_was_meant(title):
    text = figure("en", title).bibtex()
    # BibTeX counts braces whatever stands before them.
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    for name, mark in UNKNOWN_TO_PYLATEXENC.items():
        text = text.replace(f"{{\\text{name}}}", mark)
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    decoded = library.entries[0]["title"]
    for ligature, mark in LIGATURES:
        decoded, title = (text.replace(mark, ligature) for text in (decoded, title))
    for mark, meant in zip(UNKNOWN_TO_PYLATEXENC.values(), "<>|{}^", strict=True):
        decoded = decoded.replace(mark, meant)
    assert " ".join(decoded.split()) == title


@pytest.mark.parametrize("made", all_four(), ids=lambda made: f"{made.language}-{made.name}")
def test_ris_is_read_by_rispy(made):
    text = made.ris()
    assert text.count("\n") == text.count("\r\n") > 8
    (entry,) = rispy.loads(text)
    assert entry["type_of_reference"] == ("CHAP" if made.book else "BOOK")
    assert [name.rstrip(",") for name in entry["authors"]] == list(made.authors)
    assert entry["title"] == made.title
    assert entry["year"] == "2026"
    assert entry["date"] == "2026/11/24"
    assert entry["urls"] == [made.address]
    assert entry.get("secondary_title", "") == made.book
    assert "CC BY 4.0" in entry["notes"][0]


@given(title=titles)
@example(title=NASTY)
def test_ris_keeps_any_title(title):
    (entry,) = rispy.loads(figure("zh", title).ris())
    assert entry["title"] == title


def csl_names(file: str, pattern: str) -> set[str]:
    """What the schema of CSL that citeproc-py carries calls variables or types."""
    folder = Path(citeproc.SCHEMA_PATH).parent
    return set(re.findall(pattern, (folder / file).read_text("utf-8")))


@pytest.mark.parametrize("made", all_four(), ids=lambda made: f"{made.language}-{made.name}")
def test_csl_json_has_only_what_csl_knows(made):
    (item,) = json.loads(made.csl())
    variables = csl_names("csl-variables.rnc", r'"([A-Za-z-]+)"')
    assert {"title", "issued", "URL"} <= variables
    assert set(item) - {"id", "type"} <= variables | {"language"}
    assert item["type"] in csl_names("csl-types.rnc", r'"([a-z_-]+)"')
    assert all(set(person) == {"literal"} for person in item["author"])
    assert item["issued"] == {"date-parts": [[2026, 11, 24]]}
    assert item["URL"] == made.address
    assert item["title"] == made.title


@pytest.mark.parametrize("made", all_four(), ids=lambda made: f"{made.language}-{made.name}")
def test_csl_json_is_printed_in_a_style_that_the_book_does_not_offer(made):
    source = CiteProcJSON(json.loads(made.csl()))
    # The one that comes with citeproc-py; thousands of others are a package of 89 MB.
    wanted = CitationStylesStyle("harvard-cite-them-right", locale="en-US", validate=False)
    bibliography = CitationStylesBibliography(wanted, source, formatter.plain)
    bibliography.register(Cited([CitationItem(made.key)]))
    (entry,) = map(str, bibliography.bibliography())
    assert made.title.lower() in entry.lower()
    assert made.book in entry
    assert made.address in entry


def test_the_makers_have_a_name_in_each_language():
    assert figure("zh").authors == ("attnbook 作者",)
    assert figure("en").authors == ("The attnbook authors",)


def test_names_of_files_and_keys_are_made_from_the_slug():
    assert set(figure("zh").files()) == {f"nonparametric-heatmap.{kind}" for kind in FILES}
    assert set(citation.of_book(imprint(), "zh").files()) == {"book.bib", "book.ris", "book.json"}
    assert figure("zh").key == figure("en").key == "attnbook-nonparametric-heatmap"


@pytest.mark.parametrize("made", all_four(address=""), ids=lambda one: f"{one.language}-{one.name}")
def test_a_local_copy_gives_no_address(made):
    told = [file.decode() for file in made.files().values()]
    told += [made.formatted(style, DAY) for style in STYLES]
    told += [citation_box.box(made, made.language, files=FILES)]
    for text in told:
        assert "http" not in text
        assert "//" not in re.sub(r"\[M/OL\]//", "", text)
    assert "[M/OL]" in made.formatted("gbt7714", DAY)
    assert "2026-12-01" not in made.formatted("gbt7714", DAY)


def box(made: citation.Citation) -> BeautifulSoup:
    return BeautifulSoup(citation_box.box(made, made.language, files=FILES), "html.parser")


@pytest.mark.parametrize("made", all_four(), ids=lambda made: f"{made.language}-{made.name}")
def test_the_box_shows_every_style_and_links_every_file(made):
    soup = box(made)
    shown = [text.get_text() for text in soup.select(".cite-text")]
    standards = ["gbt7714", "gbt7714-2015"]
    styles = [*standards, "apa"] if made.language == "zh" else ["apa", *standards]
    assert shown == [made.formatted(style) for style in styles]
    assert [link["href"] for link in soup.select("a")] == ["../x.bib", "../x.ris", "../x.json"]
    assert not soup.select(".cite-local")
    for button in soup.select("button"):
        assert button.has_attr("hidden")
        assert str(button["aria-label"]).startswith(button.get_text())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_box_of_a_local_copy_says_so_and_names_the_path(language):
    soup = box(figure(language, address=""))
    told = soup.select_one(".cite-local")
    assert told.code.get_text() == f"{language}/figures/nonparametric-heatmap/"
    assert not soup.select(".cite-accessed")


@given(title=titles)
@example(title=NASTY)
@example(title="*a* _b_ `c` [d](e) &amp; {: #f } \\(x\\) $$y$$ <b markdown='1'>*g*</b>")
def test_markdown_leaves_the_box_as_it_is(title):
    written = citation_box.box(figure("zh", title), "zh", files=FILES)
    assert "\n\n" not in written
    config = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader=_Tags)
    extensions = config["markdown_extensions"]
    markdown = Markdown(
        extensions=list(extensions),
        extension_configs={name: known for name, known in extensions.items() if known},
    )
    page = f"## Cite {{#cite}}\n\nBefore.\n\n{written}\n\nAfter *it*.\n"
    html = markdown.convert(page)
    assert written in html
    assert "<p>After <em>it</em>.</p>" in html


class _Tags(yaml.SafeLoader):
    """Reads mkdocs.yml, in which !ENV stands for what the environment tells."""


_Tags.add_constructor("!ENV", lambda loader, node: "")


@pytest.fixture
def cff() -> dict:
    return yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))


def test_the_citation_file_is_valid():
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jsonschema's and yaml's, not ours
        CffCitation(text).validate()
        assert "0.1.0" in CffCitation(text).as_apalike()


def test_the_citation_file_has_the_version_of_the_project(cff):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {project["version"], cff["version"], cff["preferred-citation"]["version"]} == {
        imprints.THIS_BOOK.version
    }


def test_the_citation_file_names_the_book_as_citations_do(cff, monkeypatch):
    book = cff["preferred-citation"]
    titles = [citation.of_book(imprint(), language).title for language in ("en", "zh")]
    assert book["title"] == "{} ({})".format(*titles)
    assert [one["name"] for one in book["authors"]] == list(imprints.AUTHORS)
    # An address is told once the project has one, and only then.
    monkeypatch.delenv("SITE_URL", raising=False)
    assert cff.get("url", "") == book.get("url", "") == address(ROOT)
