"""A platform that is not there: Prism answers from the committed contract, ``python -m gateway.testing.mock``.

Reading the whole contract takes Prism half a minute and more; then it answers at once.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from gateway.testing.contract import GOLDEN
from shared.testing.node import NODE, environment, installed

TOOLS = Path(__file__).parents[4] / "tests" / "published" / "tools"
PROGRAM = "node_modules/@stoplight/prism-cli/dist/index.js"


def command(port: int, document: Path = GOLDEN) -> tuple[list[str], Path]:
    """The program that answers on ``port`` of this machine, and the folder to run it in."""
    return [str(NODE), PROGRAM, "mock", "-h", "127.0.0.1", "-p", str(port), str(document)], installed(TOOLS)


def main() -> None:
    """Answer until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m gateway.testing.mock", description=__doc__)
    parser.add_argument("--port", type=int, default=4010)
    asked, place = command(parser.parse_args().port)
    try:
        subprocess.run(asked, cwd=place, env=environment(), check=False)
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
