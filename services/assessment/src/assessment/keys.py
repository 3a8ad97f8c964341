"""The keys that sign certificates: ``python -m assessment.keys RING show|prepare|rotate|revoke …``.

Usual order: ``prepare``, wait until everybody's copy of the published keys has run out (five minutes), then ``rotate``.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from assessment.adapters.certificates.rotation import CannotRotate, listed, prepare, revoke, rotate


def main(arguments: list[str] | None = None) -> int:
    """Run a command on a ring of keys; gives the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        match asked.command:
            case "prepare":
                print(f"{prepare(asked.ring, asked.algorithm)} is published and stands by")  # noqa: T201
            case "rotate":
                print(f"{rotate(asked.ring, asked.algorithm)} signs")  # noqa: T201
            case "revoke":
                revoke(asked.ring, asked.kid, asked.reason, datetime.now(UTC))
                print(f"{asked.kid} is revoked")  # noqa: T201
            case _:
                for key in listed(asked.ring):
                    print(f"{key['kid']}  {key['algorithm']}  {key['standing']}")  # noqa: T201
    except (CannotRotate, OSError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assessment.keys", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("ring", type=Path, help="the file that ASSESSMENT_CERTIFICATE_KEY names")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("show", help="list the keys and how they stand")
    for name, words in (("prepare", "publish the next key; it does not sign yet"), ("rotate", "let the next key sign")):
        command = commands.add_parser(name, help=words)
        command.add_argument("algorithm", choices=["ES256", "Ed25519"])
    command = commands.add_parser("revoke", help="end a key for good")
    command.add_argument("kid")
    command.add_argument("--reason", default="unspecified", help="a code: key-compromise, superseded, …")
    return parser


if __name__ == "__main__":
    sys.exit(main())
