"""The workflow that publishes the site: read as YAML, held to what it promises."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def workflow():
    text = (ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8")
    return yaml.safe_load(text)


def test_jobs_have_the_least_permissions(workflow):
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["site"]["permissions"] == {"contents": "read", "pages": "read"}
    assert workflow["jobs"]["pythons"]["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_actions_are_pinned_and_those_of_github(workflow):
    used = [
        step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step
    ]
    assert len(used) >= 5
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name) for name in used)


def test_a_release_is_recorded_before_what_says_so_is_built(workflow):
    steps = workflow["jobs"]["site"]["steps"]
    (record,) = [step for step in steps if "nox -s release" in step.get("run", "")]
    assert "refs/tags/v" in record["if"]
    assert record["run"].index("nox -s release") < record["run"].index("nox -s build")
    (build,) = [step for step in steps if step.get("run") == "nox -s build"]
    assert steps.index(build) < steps.index(record)
    assert workflow["jobs"]["record"]["permissions"] == {"contents": "write"}
    assert set(workflow["jobs"]["record"]["needs"]) == {"site", "publish"}


def test_only_main_is_published_and_with_its_address(workflow):
    steps = workflow["jobs"]["site"]["steps"]
    (pages,) = [step for step in steps if step.get("id") == "pages"]
    assert "pull_request" in pages["if"] and "refs/heads/main" in pages["if"]
    (build,) = [step for step in steps if step.get("run") == "nox -s build"]
    assert build["env"]["SITE_URL"] == "${{ steps.pages.outputs.base_url }}"
    tests = next(
        number for number, step in enumerate(steps) if "nox -s lint tests" in step.get("run", "")
    )
    assert tests < steps.index(build)
    assert workflow["jobs"]["publish"]["needs"] == ["site", "pythons"]


def test_a_checkout_has_the_same_bytes_on_every_system():
    names = ["docs/zh/index.md", "attnbook/book.mplstyle", "docs/messages.csv", "mkdocs.yml"]
    said = subprocess.run(
        ["git", "-C", str(ROOT), "check-attr", "eol", "--", *names], capture_output=True, text=True
    ).stdout
    assert said.splitlines() == [f"{name}: eol: lf" for name in names]
