"""A small book beside the real one: two pages, one chapter, the real theme and press."""

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
BOOK_IN_GERMAN = "Das Buch der Aufmerksamkeit"
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
        ("book", '"The Attention Book"', f'"{BOOK_IN_GERMAN}"'),
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
    (theme / "de.yml").write_text(edition.replace("The Attention Book", BOOK_IN_GERMAN), "utf-8")
    (root / "docs" / "messages.csv").write_text(
        "en,zh,de\nstraight line,直线,gerade Linie\n", "utf-8"
    )
    (root / "docs" / "glossary.csv").write_text(
        "key,en,zh,de,note,definition_zh,definition_en,definition_de,where\n"
        "line,line,直线,Linie,,一条直线。,A line.,Eine Linie.,toy.md#numbers\n",
        "utf-8",
    )
    return root


def write(root: Path) -> Path:
    """Write the book into ``root`` and return it."""
    files = {"attnbook/chapters/toy.py": CHAPTER, "attnbook/__init__.py": '"""Fake."""\n'}
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
    files["README.md"] = "# fake\n"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "theme", root / "docs" / "theme")
    for name in ("pyproject.toml", "LICENSE", "CITATION.cff"):
        shutil.copy(ROOT / name, root / name)
    for name in ("mkdocs.yml", "docs/theme/en.yml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        text = re.sub(r"^nav:\n(?:[ ].*\n|\n)+", NAV, text, flags=re.MULTILINE)
        (root / name).write_text(text, encoding="utf-8")
    hook = Path("attnbook/press/site/mkdocs_hook.py")
    (root / hook).parent.mkdir(parents=True)
    shutil.copy(ROOT / hook, root / hook)
    # What npm brought for the real book serves this one, too.
    tools = ROOT / "build" / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    (root / "build").mkdir()
    return root
