"""The licences that a book may choose from, by the names that SPDX gives them.

What one of texts and figures allows is told to readers by ``licences`` in the files of words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """A licence: the name that is printed, and the address that stands for it in metadata."""

    name: str
    address: str


OF_TEXT = {
    "CC-BY-4.0": Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": Licence("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
}
OF_CODE = {
    "MIT": Licence("MIT", "https://spdx.org/licenses/MIT"),
    "Apache-2.0": Licence("Apache 2.0", "https://spdx.org/licenses/Apache-2.0"),
    "BSD-3-Clause": Licence("BSD 3-Clause", "https://spdx.org/licenses/BSD-3-Clause"),
}


def at(address: str) -> Licence:
    """The licence whose address is ``address``."""
    return next(one for one in (*OF_TEXT.values(), *OF_CODE.values()) if one.address == address)
