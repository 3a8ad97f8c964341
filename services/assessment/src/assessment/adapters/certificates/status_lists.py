"""Status list credentials: read from the certificates themselves, so that a list can never disagree with them."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assessment.adapters.certificates.forms import CredentialForms
from assessment.adapters.certificates.mint import status_list_address
from assessment.adapters.db import tables
from assessment.domain.certifying.certificate import CertificateState
from shared.credentials.bitstring import list_credential, packed

TTL: Final = timedelta(minutes=5)
LASTS: Final = timedelta(days=1)
"""For how long a list may be believed by whoever is offline."""
_STEP: Final = timedelta(hours=1)
_MARKING: Final = {
    "revocation": (CertificateState.REVOKED, CertificateState.REISSUED),
    "suspension": (CertificateState.SUSPENDED,),
    "replacement": (CertificateState.REISSUED,),
}
"""A replaced certificate no longer counts, so its credential is revoked; the successor has a place of its own."""
_KEPT: Final = 64


async def marked(connection: AsyncConnection, number: int, purpose: str) -> list[int] | None:
    """The places of a list that are set now, ascending; None when there is no such list."""
    of, table = tables.status_list, tables.certificate
    if (await connection.execute(select(literal(1)).where(of.c.number == number))).first() is None:
        return None
    states = [state.value for state in _MARKING[purpose]]
    found = select(table.c.status_index).where(table.c.status_list == number, table.c.state.in_(states))
    return list((await connection.execute(found.order_by(table.c.status_index))).scalars())


class StatusLists:
    """Signs status lists, and keeps the newest signed ones.

    The same entries within the same hour give the same bytes from every process that has an Ed25519 key: the times are
    whole hours and the signature is deterministic.

    Args:
        forms: sign.
        issuer: the issuer's DID.
        public_url: base URL under which the lists are found.
    """

    def __init__(self, forms: CredentialForms, issuer: str, public_url: str) -> None:
        self._forms, self._issuer, self._public_url = forms, issuer, public_url
        self._signed: OrderedDict[tuple[object, ...], bytes] = OrderedDict()

    async def credential(
        self, number: int, purpose: str, entries: list[int], now: datetime, today: date, *, jwt: bool
    ) -> bytes | None:
        """The signed list, as JSON with an embedded proof or as JWT; None for an embedded proof without such a key.

        Args:
            number: of the list.
            purpose: of the list.
            entries: the places that are set.
            now: by the machine's clock, because whoever checks offline has no other; never the business clock.
            today: the business day, which the list says in words.
            jwt: as JWT.
        """
        since = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        kept = (number, purpose, since, today, jwt, self._forms.signing(jwt=jwt), tuple(entries))
        if kept not in self._signed:
            unsigned = list_credential(
                f"{status_list_address(self._public_url, number)}/{purpose}", purpose, packed(entries),
                issuer=self._issuer, since=since, lasts=LASTS + _STEP, ttl=TTL,
                said=f"As of {today.isoformat()} by the calendar of the programmes",
            )  # fmt: skip
            if jwt:
                signed: str | None = (await self._forms.as_jwt(unsigned, since))[0]
            else:
                signed = await self._forms.embedded(unsigned, since)
            if signed is None:
                return None
            self._signed[kept] = signed.encode()
            if len(self._signed) > _KEPT:
                self._signed.popitem(last=False)
        return self._signed[kept]
