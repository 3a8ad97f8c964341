"""View links: a signed, short-lived way to open one page in a browser, bound to the page and to what its maker sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from shared.kernel.actor import Actor, Role

LIFETIME = timedelta(hours=8)


class ViewLinks:
    """Makes and reads the tokens of view links.

    Args:
        secret: signs them.
        clock: machine time, aware; the business clock would let links live for a year.
        retired: other secrets whose links are read, around a rotation.
    """

    def __init__(
        self,
        secret: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        retired: Sequence[str] = (),
    ) -> None:
        self._serializer = URLSafeSerializer([*retired, secret], salt="view-link-1")  # the last one signs
        self._clock = clock

    def make(self, path: str, actor: Actor) -> tuple[str, datetime]:
        """A token for ``path`` that shows what ``actor`` sees now, and when it ends."""
        ends = (self._clock() + LIFETIME).replace(microsecond=0)
        content = [path, int(ends.timestamp()), actor.subject, actor.organisation, sorted(actor.roles)]
        return str(self._serializer.dumps(content)), ends

    def read(self, path: str, token: str) -> Actor | None:
        """The actor whose view the token opens, or None when it is forged, over, or for another page."""
        try:
            bound, ends, subject, organisation, roles = _fields(self._serializer.loads(token))
        except (BadSignature, ValueError, TypeError):
            return None
        if bound != path or self._clock().timestamp() >= ends:
            return None
        return Actor(subject, organisation, frozenset(Role(role) for role in roles))


def _fields(content: Any) -> tuple[str, int, str, str, list[str]]:
    path, ends, subject, organisation, roles = content
    return str(path), int(ends), str(subject), str(organisation), list(roles)
