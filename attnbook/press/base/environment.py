"""The environment that an execution's bytes depend on, as facts that people can compare."""

from __future__ import annotations

import platform
import re
import subprocess
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")  # of Linux
# What computes, lays out and draws.
DRAWERS = (
    "numpy",
    "torch",
    "matplotlib",
    "contourpy",
    "kiwisolver",
    "pillow",
    "pyoxipng",
    "zhplot",
    "fonttools",
    "brotli",
    "lxml",
)
NAMES = ("vendor_id", "cpu family", "model", "CPU implementer", "CPU part")
# Those that torch, numpy and their linear algebra choose their routines by.
ROUTINES = re.compile(r"(sse4|avx|amx|fma|f16c|asimd|sve|bf16)\w*")


def fingerprint() -> dict[str, str]:
    """What the bytes of a drawing depend on, beside the sources of the book.

    Bytes are comparable only where every entry agrees. That is strict: libraries choose their
    routines by the model of the processor, and sums taken in another order end in other digits.
    """
    return {
        "system": _system(),
        "machine": platform.machine(),
        **processor(),
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: version(name) for name in DRAWERS},
    }


def version(distribution: str) -> str:
    """The version of an installed distribution; "none" where it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "none"


def processor() -> dict[str, str]:
    """The model of the processor, and the instructions by which libraries choose routines.

    No library is asked: environment variables may tell it to hide what there is.
    """
    try:
        return _listed(CPUINFO.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        brand = _said("sysctl", "-n", "machdep.cpu.brand_string")
        return {"processor": brand or platform.processor(), "instructions": ""}


def differing(one: Mapping[str, str], two: Mapping[str, str]) -> list[str]:
    """The names of the entries in which two fingerprints differ."""
    return sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


def _listed(cpuinfo: str) -> dict[str, str]:
    """Of the first processor that Linux lists; one machine has one kind."""
    first = cpuinfo.strip().partition("\n\n")[0]
    facts = {
        key.strip(): value.strip()
        for key, _, value in (row.partition(":") for row in first.splitlines())
    }
    flags = (facts.get("flags") or facts.get("Features", "")).split()
    return {
        "processor": " ".join(facts[name] for name in NAMES if name in facts),
        "instructions": " ".join(sorted(filter(ROUTINES.fullmatch, flags))),
    }


def _system() -> str:
    """The system with its mathematical library, which on Linux is the C library's."""
    release = {
        "Linux": " ".join(filter(None, platform.libc_ver())),
        "Darwin": platform.mac_ver()[0],
    }
    system = platform.system()
    return f"{system} {release.get(system, platform.version())}".strip()


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
