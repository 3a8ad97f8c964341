"""Asks this machine's own process how it is: ``python -m shared.probe [live|ready|startup]``; exit status 0 means well.

Container engines call it every few seconds, so it reads no settings and imports nothing but the standard library: the port
is the one that ``<MEMBER>_PORT`` names, where ``TALENT_MEMBER`` is what the image holds.
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final

QUESTIONS: Final = ("live", "ready", "startup")
SECONDS: Final = 4.0


def port_of(environment: Mapping[str, str]) -> int:
    """The port on which the member of this image listens.

    Raises:
        ValueError: when the variables name none.
    """
    member = environment.get("TALENT_MEMBER", "")
    variable = f"{member.upper()}_PORT"
    port = environment.get(variable, "") if member else ""
    if not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise ValueError(f"{variable if member else 'TALENT_MEMBER'} names no port")
    return int(port)


def ask(port: int, question: str, seconds: float = SECONDS) -> tuple[bool, str]:
    """Whether the process answers ``/health/<question>`` with 200, and what it said.

    Args:
        port: on the loopback interface.
        question: one of ``QUESTIONS``.
        seconds: how long it may take.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", f"/health/{question}", headers={"connection": "close"})
        answer = connection.getresponse()
        said = answer.read(200).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return False, f"no answer: {error}"
    finally:
        connection.close()
    return answer.status == http.client.OK, said


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """0 when all is well, 1 when not, 2 when nobody can be asked."""
    parser = argparse.ArgumentParser(prog="python -m shared.probe", description="How this container's process is.")
    parser.add_argument("question", nargs="?", choices=QUESTIONS, default="ready")
    parser.add_argument("--port", type=int, help="instead of what <MEMBER>_PORT names")
    asked = parser.parse_args(arguments)
    try:
        port = asked.port or port_of(environment)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    well, said = ask(port, asked.question)
    sys.stdout.write(f"{said}\n")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
