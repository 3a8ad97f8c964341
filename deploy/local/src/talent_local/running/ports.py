"""Ports: preferred numbers where they are free, others where they are taken, the same ones from start to start."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from typing import Final

from talent_local.home import Home
from talent_local.trouble import Trouble

PREFERRED: Final[Mapping[str, int]] = {
    "gateway": 8080,
    "selection": 8081,
    "placement": 8082,
    "assessment": 8083,
    "funding": 8084,
    "issuer": 8090,
}
HOST: Final = "127.0.0.1"


def is_free(port: int) -> bool:
    """True when a server could listen on the port of the loopback interface now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:  # a listener on all addresses hides from bind
        probe.settimeout(0.2)
        return probe.connect_ex((HOST, port)) != 0


def choose(home: Home, ours: Iterable[str] = ()) -> dict[str, int]:
    """Ports by process name, kept in `ports.json`; those of the running processes `ours` stay as they are.

    Raises:
        Trouble: when a hundred numbers in a row are taken.
    """
    kept: dict[str, int] = home.read("ports") or {}
    running = set(ours)
    chosen: dict[str, int] = {name: kept[name] for name in PREFERRED if name in running and name in kept}
    for name, preferred in PREFERRED.items():
        if name not in chosen:
            chosen[name] = _first_free(kept.get(name, preferred), preferred, set(chosen.values()))
    home.write("ports", chosen)
    return chosen


def _first_free(kept: int, preferred: int, taken: set[int]) -> int:
    """The port used last, the preferred one, or the first free one from ten thousand further on."""
    candidates: list[int] = [kept, preferred, *range(preferred + 10_000, preferred + 10_100)]
    for port in candidates:
        if port not in taken and is_free(port):
            return port
    raise Trouble(f"No free port was found near {preferred}.", "Close what listens there; `ss -ltnp` shows it.")
