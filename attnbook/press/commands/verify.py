"""``verify``: execute all chapters anew and compare every figure with its receipt."""

from __future__ import annotations

import argparse

from ..execution.progress import report
from . import prepare


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("verify", help="execute all anew and compare with the receipts")
    prepare.add_timeout(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Verify the figures; 1 if one of them does not hold."""
    from ..receipts import verify  # takes NumPy, for which a build need not wait

    held = verify.verify(
        prepare.layout(options),
        timeout=options.timeout,
        progress=report(prepare.say),
        say=prepare.say,
    )
    return 0 if held else 1
