"""The benchmark runs, measures what it says and keeps what it measured. How long is no test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "bench_pooling.py"


@pytest.mark.slow
def test_it_measures_every_contestant_and_writes_a_report(tmp_path):
    command = [sys.executable, SCRIPT, "--largest", "50", "--to", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert {"Python", "torch", "cores", "threads"} <= set(written["machine"])
    tasks = {row["task"] for row in written["rows"]}
    assert tasks == {"pooling", "gradient in w", "choosing w"}
    report = (tmp_path / "report.md").read_text("utf-8")
    for row in written["rows"]:
        assert row["turns"] >= 3
        assert row["seconds"] == sorted(row["seconds"])
        assert f"| {row['n']:,} | {row['contestant']} |" in report
        if row["task"] != "choosing w":  # all do the same, nearly
            assert row["error"] < 1e-5, row
        if row["contestant"] == "attnbook":
            assert row["times_attnbook"] == [1, 1, 1]
    for task in tasks:
        assert (tmp_path / f"{task.replace(' ', '-')}.svg").stat().st_size > 1000
