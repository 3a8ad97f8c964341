"""Where the platform that is walked on stands: its doors, its clock, its databases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from talent_local.client import origin
from talent_local.cohort.road.quiet import is_quiet
from talent_local.commands.clock import moment_of, set_clock
from talent_local.home import Home, replace
from talent_local.running.servers import postgres
from talent_local.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Site:
    """The platform of this machine's processes, or one that runs elsewhere, in containers.

    Attributes:
        home: state directory: how far the road was walked, and all else of a platform of processes.
        gateway, issuer: origins.
        databases: address and passwords by member of a platform elsewhere; empty for processes.
    """

    home: Home
    gateway: str
    issuer: str
    databases: dict[str, str] = field(default_factory=dict)
    server: str = ""

    @classmethod
    def here(cls, home: Home) -> Self:
        """The platform that `talent up` started."""
        return cls(home, origin(home, "gateway"), origin(home, "issuer"))

    @classmethod
    def elsewhere(cls, home: Home, gateway: str, issuer: str, server: str) -> Self:
        """A platform that was not started by `talent up`.

        Args:
            home: folder that `python -m talent_local.composing` filled.
            gateway: origin.
            issuer: origin of the issuer of development.
            server: host:port of PostgreSQL.

        Raises:
            Trouble: when the folder is another one.
        """
        known = home.read("databases")
        if known is None:
            raise Trouble(f"{home.root} holds no databases.json.", "`make compose-secrets` writes it.")
        return cls(home, gateway.rstrip("/"), issuer.rstrip("/"), known, server)

    def set_clock(self, at: str) -> None:
        """Let the business clock stand at a day or moment."""
        if not self.databases:
            set_clock(self.home, at)
            return
        clock = self.home.root / "clock" / "clock"
        scratch = clock.with_name("next")
        replace(scratch, moment_of(at).isoformat())
        scratch.chmod(0o644)  # the accounts of containers read it
        scratch.replace(clock)

    def dsn(self, member: str) -> str:
        """Where the database of a member is reached, in psycopg's words."""
        if not self.databases:
            return postgres(self.home).dsn(member, user=member)
        host, _, port = self.server.partition(":")
        words = {"host": host, "port": port, "dbname": member, "user": member, "password": self.databases[member]}
        return " ".join(f"{key}={value}" for key, value in words.items())

    def is_quiet(self) -> bool:
        """True when nothing is on its way and everybody has dealt with everything."""
        return is_quiet(self.dsn)
