"""What a build costs by the size of the book: ``python tests/bench_build.py --chapters 1 10 100``.

For each size it writes a book of that many chapters in two languages, builds it from nothing, and
then takes turns: a build with nothing changed, one after a sentence of one page was edited, and the
generator alone on the same trees. Times are seconds of CPU, children included, and of the clock;
ratios are medians over the turns. It is run by hand: timing is no test.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import fake_book

KINDS = ("warm", "edited", "bare")
PROSE = {
    "zh": "注意力汇聚把值按权重相加，权重由查询和键算出。这是第 {n} 章的第 {row} 段，"
    "式中 $w_{{{row}}} > 0$。\n",
    "en": "Attention pooling adds values by their weights, which query and keys give. This is "
    "paragraph {row} of chapter {n}, with $w_{{{row}}} > 0$.\n",
}


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU of a command with its children, and of the clock."""

    cpu: float
    wall: float


def measured(run: Callable[[], object]) -> Cost:
    """What ``run``, which starts processes, costs."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run()
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, wall)


def write(root: Path, chapters: int, paragraphs: int = 20) -> Path:
    """Write a book with as many chapters, each with a figure, and return its root."""
    fake_book.write(root)
    slugs = ["line"]
    names = [path.name for path in (root / "docs" / "en").glob("*.md")]
    for n in range(1, chapters):
        slug = f"line-{n}"
        slugs.append(slug)
        script = fake_book.CHAPTER.replace("# %% line", f"# %% {slug}")
        (root / fake_book.SCRIPT).with_name(f"toy_{n}.py").write_text(script, "utf-8")
        for language in ("zh", "en"):
            text = fake_book.TOY[language].replace("chapter: toy", f"chapter: toy_{n}")
            text = text.replace("\nline\n", f"\n{slug}\n").replace("\\tag{1}", f"\\tag{{{n}.1}}")
            text = text.replace("(#eq-1)", f"(#eq-{n}.1)").replace("[(1)]", f"[({n}.1)]")
            rows = "\n".join(PROSE[language].format(n=n, row=row) for row in range(paragraphs))
            text = text.replace("\n$$\n", f"\n{rows}\n$$\n", 1)
            (root / "docs" / language / f"toy-{n}.md").write_text(text, "utf-8")
        names += [f"toy-{n}.md", f"notebooks/toy-{n}.ipynb"]
    listed = "".join(f'  "{slug}",\n' for slug in slugs)
    (root / "docs" / "figures.toml").write_text(f"figures = [\n{listed}]\n\n[moved]\n", "utf-8")
    navigation = "nav:\n" + "".join(
        f"  - {name}\n" for name in [*names, "figures/index.md", "notebooks/toy.ipynb"]
    )
    for name in fake_book.EDITIONS.values():
        path = root / name
        path.write_text(path.read_text("utf-8").replace(fake_book.NAV, navigation + "\n"), "utf-8")
    return root


def run(root: Path, module: str, *arguments: str) -> None:
    """Run a module of Python in ``root``; say what it said if it fails."""
    command = [sys.executable, "-P", "-m", module, *arguments]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0", "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def costs(root: Path, turns: int) -> dict[str, list[Cost]]:
    """What building the book at ``root`` costs, by the kind of the build."""
    page, count = root / "docs" / "en" / "toy.md", 0

    def build() -> None:
        run(root, "attnbook.press", "--root", str(root), "build")

    def bare() -> None:
        for language in ("zh", "en"):
            target = root / "build" / "bare" / language
            config = root / "build" / f"{language}.yml"
            run(root, "mkdocs", "build", "--strict", "-q", "-f", str(config), "-d", str(target))

    found: dict[str, list[Cost]] = {"cold": [measured(build)], **{kind: [] for kind in KINDS}}
    for turn in range(turns):
        for kind in KINDS[turn % 3 :] + KINDS[: turn % 3]:  # nobody is always the first
            if kind == "bare":
                found[kind].append(measured(bare))
                continue
            if kind == "edited":
                text, count = page.read_text("utf-8"), count + 1
                page.write_text(text.replace("There are", f"There are, {count} times,"), "utf-8")
            found[kind].append(measured(build))
            if kind == "edited":
                page.write_text(text, "utf-8")
                build()
    return found


def report(found: dict[int, dict[str, list[Cost]]]) -> str:
    """The costs as a table in Markdown."""
    rows = ["| chapters | cold | warm | edited | bare | warm / bare | edited / bare |"]
    rows.append("| --: " * 7 + "|")
    for chapters, of_kinds in found.items():
        cells: list[str] = []
        for kind in ("cold", *KINDS):
            cpu, wall = zip(*((one.cpu, one.wall) for one in of_kinds[kind]), strict=True)
            cells.append(f"{median(cpu):.1f} ({median(wall):.1f})")
        for kind in ("warm", "edited"):
            pairs = zip(of_kinds[kind], of_kinds["bare"], strict=True)
            ratios = sorted(one.cpu / other.cpu for one, other in pairs)
            cells.append(f"{median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})")
        rows.append(f"| {chapters} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, say how far it is, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--chapters", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--json", type=Path, help="where all costs go")
    options = parser.parse_args(arguments)
    found: dict[int, dict[str, list[Cost]]] = {}
    for chapters in options.chapters:
        print(f"{chapters} chapters …", file=sys.stderr, flush=True)
        folder = Path(tempfile.mkdtemp(prefix="attnbook-bench-"))
        try:
            found[chapters] = costs(write(folder / "book", chapters), options.turns)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    versions = f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {options.turns} turns"
    print(f"Seconds of CPU (of the clock), medians; {versions}\n\n{report(found)}")
    if options.json:
        plain = {
            chapters: {kind: list(map(asdict, all_)) for kind, all_ in of_kinds.items()}
            for chapters, of_kinds in found.items()
        }
        options.json.write_text(json.dumps(plain, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
