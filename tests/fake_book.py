"""A small book beside the real one: its own package, titles, authors and root page.

It has two pages and one chapter; press, library and the rest of the theme are the real ones.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CHAPTER = '''"""A chapter for tests."""

# %% imports
import matplotlib.pyplot as plt

plt.style.use("attnbook.book")

# %% numbers
count = 3
ratio = 2 / 3
print("count", count)

# %% line
figure, axes = plt.subplots(figsize=(3, 2), layout="constrained")
axes.plot([0, 1], [0, count], label="straight line")
axes.legend()
'''

INDEX = {
    "zh": "---\ntitle: 首页\ndescription: 测试用的书。\n---\n# 小书 {#top}\n\n"
    "见[第一章](toy.md#numbers)和[术语](terms.md)。\n",
    "en": "---\ntitle: Home\ndescription: A book for tests.\n---\n# A small book {#top}\n\n"
    "See [the chapter](toy.md#numbers) and [the terms](terms.md).\n",
}
TOY = {
    "zh": """---
title: 第一章
description: 一章。
chapter: toy
---
# 第一章 {#toy}

``` cell
imports
fold: true
```

## 数 {#numbers}

共有 {{ count }} 个，比值 {{ ratio:.2f }}，由 attnbook {{ book.version }} 算出。

``` cell
numbers
```

$$
y = 3x \\tag{1}
$$

<details class="solution" markdown="1">
<summary>解答</summary>

看式 [(1)](#eq-1)。

``` cell
line
title: 一条直线
caption: '一条直线：斜率 {{ count }}。'
alt: 一条直线从左下升到右上。
```

</details>
""",
    "en": """---
title: Chapter one
description: A chapter.
chapter: toy
---
# Chapter one {#toy}

``` cell
imports
fold: true
```

## Numbers {#numbers}

There are {{ count }}, the ratio is {{ ratio:.2f }}, computed by attnbook {{ book.version }}.

``` cell
numbers
```

$$
y = 3x \\tag{1}
$$

<details class="solution" markdown="1">
<summary>Solution</summary>

See [(1)](#eq-1).

``` cell
line
title: A straight line
caption: 'A straight line: slope {{ count }}.'
alt: A straight line rises from the lower left to the upper right.
```

</details>
""",
}
TERMS = {
    "zh": "---\ntitle: 术语\ndescription: 术语表。\n---\n# 术语 {#terms}\n\n``` glossary\n```\n",
    "en": "---\ntitle: Terms\ndescription: The terms.\n---\n# Terms {#terms}\n\n"
    "``` glossary\n```\n",
}
EDITIONS = {"zh": "mkdocs.yml", "en": "docs/theme/en.yml"}
MODULE = "little_book"
SCRIPT = f"{MODULE}/chapters/toy.py"
TITLES = {"zh": "小书", "en": "A Little Book"}
ABOUT = {"zh": "测试用的书。", "en": "A book for tests."}
BOOK_IN_GERMAN = "Ein kleines Buch"
PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "little-book"
version = "1.2.3"
description = "A small book"
requires-python = ">=3.11"
license-files = ["LICENSE"]

[tool.attnbook.press]
cover = "line"
licence = "CC-BY-SA-4.0"
code_licence = "Apache-2.0"

[tool.attnbook.press.authors.zh]
"The little authors" = "小书作者"

[tool.hatch.build.targets.wheel]
packages = ["little_book"]
"""
CITATION = """authors:
- name: The little authors
- {given-names: Ada, family-names: Lovelace}
date-released: 2026-11-02
"""
ROOT_PAGE = """<!doctype html>
<html lang="{{ (languages.values() | first).tag }}">
  <head>
    <meta charset="utf-8">
    <title>{{ titles.values() | join(" · ") }}</title>
  </head>
  <body>
    <h1>{{ titles.values() | join(" · ") }}</h1>
    <nav>
{% for code, language in languages.items() %}
      <a href="{{ code }}/index.html" data-language="{{ code }}">{{ descriptions[code] }}</a>
{% endfor %}
    </nav>
  </body>
</html>
"""
SHEET = ".md-header { border-bottom: 2px solid }\n"
PAGES = ("index.md", "toy.md", "terms.md", "figures/index.md", "notebooks/toy.ipynb")
NAV = "nav:\n" + "".join(f"  - {page}\n" for page in PAGES) + "\n"


def write_in_three_languages(root: Path, home: Path) -> Path:
    """Write the book into ``root`` with a German edition, and into ``home`` a press for it.

    German takes what adding a language takes: a file of words, a folder of prose, an edition's
    settings, and its columns in the tables. Its texts are the English ones.
    """
    write(root)
    without = shutil.ignore_patterns("__pycache__", "chapters")
    shutil.copytree(ROOT / "attnbook", home / "attnbook", ignore=without)
    words = home / "attnbook" / "press" / "words"
    text = (words / "en.toml").read_text("utf-8")
    for key, old, new in (
        ("order", "2", "3"),
        ("tag", '"en"', '"de"'),
        ("name", '"English"', '"Deutsch"'),
        ("english", '"English"', '"German"'),
        ("locale", '"en-US"', '"de-DE"'),
    ):
        assert f"\n{key} = {old}\n" in f"\n{text}"
        text = f"\n{text}".replace(f"\n{key} = {old}\n", f"\n{key} = {new}\n", 1)[1:]
    (words / "de.toml").write_text(text, "utf-8")
    shutil.copytree(root / "docs" / "en", root / "docs" / "de")
    theme = root / "docs" / "theme"
    edition = (theme / "en.yml").read_text("utf-8")
    for old, new in (("../en", "../de"), ("site/en", "site/de"), ("language: en", "language: de")):
        assert old in edition
        edition = edition.replace(old, new)
    edition = edition.replace("lang: en", "lang: de")
    (theme / "de.yml").write_text(edition.replace(TITLES["en"], BOOK_IN_GERMAN), "utf-8")
    (root / "docs" / "messages.csv").write_text(
        "en,zh,de\nstraight line,直线,gerade Linie\n", "utf-8"
    )
    (root / "docs" / "glossary.csv").write_text(
        "key,en,zh,de,note,definition_zh,definition_en,definition_de,where\n"
        "line,line,直线,Linie,,一条直线。,A line.,Eine Linie.,toy.md#numbers\n",
        "utf-8",
    )
    return root


def write_settings(root: Path) -> None:
    """Write what a book has to say of itself, and nothing else, into ``root``."""
    (root / "docs" / "theme").mkdir(parents=True)
    (root / "pyproject.toml").write_text(PROJECT, "utf-8")
    (root / "CITATION.cff").write_text(CITATION, "utf-8")
    for language, name in EDITIONS.items():
        text = f"site_name: {TITLES[language]}\nsite_description: A book.\nsite_url: !ENV [X, '']\n"
        (root / name).write_text(text, "utf-8")


def write(root: Path) -> Path:
    """Write the book into ``root`` and return it."""
    files = {SCRIPT: CHAPTER, f"{MODULE}/__init__.py": '"""Fake."""\n'}
    for language in ("zh", "en"):
        files[f"docs/{language}/index.md"] = INDEX[language]
        files[f"docs/{language}/toy.md"] = TOY[language]
        files[f"docs/{language}/terms.md"] = TERMS[language]
    files["docs/messages.csv"] = "en,zh\nstraight line,直线\n"
    files["docs/glossary.csv"] = (
        "key,en,zh,note,definition_zh,definition_en,where\n"
        "line,line,直线,,一条直线。,A line.,toy.md#numbers\n"
    )
    files["docs/figures.toml"] = 'figures = [\n  "line",\n]\n\n[moved]\n'
    files["docs/releases.json"] = "{}\n"
    files |= {"README.md": "# fake\n", "pyproject.toml": PROJECT, "CITATION.cff": CITATION}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "theme", root / "docs" / "theme")
    (root / "docs" / "theme" / "root.html").write_text(ROOT_PAGE, encoding="utf-8")
    own = root / "docs" / "theme" / "overrides" / "assets" / "little.css"
    own.write_text(SHEET, encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", root / "LICENSE")
    hook = "attnbook/press/site/mkdocs_hook.py"
    for language, name in EDITIONS.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        for key, new in {
            "nav": NAV,
            "site_name": f"site_name: {TITLES[language]}\n",
            "site_description": f"site_description: {ABOUT[language]}\n",
            "site_author": "site_author: The little authors\n",
            "copyright": "copyright: Share alike.\n",
            "extra_css": "extra_css:\n  - assets/little.css\n",
            "hooks": f"hooks:\n  - {(ROOT / hook).as_posix()}\n",
        }.items():
            rows = rf"^{key}:.*\n" if key == "extra_css" else rf"^{key}:.*\n(?:[ ].*\n|\n)*"
            text = re.sub(rows, new, text, count=1, flags=re.MULTILINE)
        (root / name).write_text(text, encoding="utf-8")
    # What npm brought for the real book serves this one, too.
    tools = ROOT / "build" / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    (root / "build").mkdir()
    return root
