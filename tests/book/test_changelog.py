"""The changelog keeps up with the version, in both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
ENTRY = re.compile(r"^## (\d+\.\d+\.\d+) \{#(v[\d-]+)\}$", re.MULTILINE)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_latest_entry_is_this_version_and_they_descend(language):
    entries = ENTRY.findall((ROOT / "docs" / language / "changelog.md").read_text("utf-8"))
    versions = [tuple(map(int, version.split("."))) for version, _ in entries]
    assert entries[0][0] == VERSION, f"docs/{language}/changelog.md has no entry of {VERSION}"
    assert versions == sorted(set(versions), reverse=True)
    assert [anchor for _, anchor in entries] == [
        f"v{version.replace('.', '-')}" for version, _ in entries
    ]
