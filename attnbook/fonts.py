"""Noto Sans SC for Matplotlib: Chinese in figures on any machine."""

from importlib.util import find_spec
from pathlib import Path

from matplotlib import font_manager

FAMILY = "Noto Sans SC"


def register() -> None:
    """Let Matplotlib find the Noto Sans SC that zhplot carries, and no other file of that name.

    A machine's own copy may be of another version or weight: figures would differ with it. Without
    zhplot nothing happens, and Chinese text falls to whatever font the machine has.
    """
    spec = find_spec("zhplot")  # finds the package without running it
    if spec is None or spec.origin is None:
        return
    file = Path(spec.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"
    manager = font_manager.fontManager
    named = [entry for entry in manager.ttflist if entry.name == FAMILY]
    if [entry.fname for entry in named] == [str(file)]:
        return
    manager.ttflist = [entry for entry in manager.ttflist if entry.name != FAMILY]
    manager.addfont(file)
