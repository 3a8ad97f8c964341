"""Where the issuer's DID resolves: ``/.well-known/did.json`` and the JWKS at the door, as the assessment service tells them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import aiohttp
from fastapi import APIRouter, Depends, Response

from gateway.adapters.refusals import UpstreamDown
from shared.http.guards import public
from shared.http.running import Running

router = APIRouter(include_in_schema=False)

Door = Annotated[Running[Any], Depends(public("whoever checks a credential needs the issuer's keys"))]
_MOST = 1024 * 1024


class IssuerDocuments:
    """Fetches what the issuer publishes about itself.

    Args:
        address: where assessment listens.
        session: the pool of the door.
    """

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self._folder = address.rstrip("/") + "/v1/assessment/.well-known/"
        self._session = session

    async def read(self, name: Literal["did.json", "jwks.json"]) -> tuple[bytes, str]:
        """A document and its media type.

        Raises:
            UpstreamDown: assessment does not answer.
        """
        patience = aiohttp.ClientTimeout(total=10)
        try:
            async with self._session.get(self._folder + name, timeout=patience, allow_redirects=False) as answer:
                body = await answer.content.read(_MOST)
                if answer.status == 200:
                    return body, answer.content_type
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            raise _down() from error
        raise _down()


@router.get("/.well-known/did.json")
async def did_document(running: Door) -> Response:
    """The DID document of ``did:web:<host>``."""
    return await _shown(running, "did.json")


@router.get("/.well-known/jwks.json")
async def key_set(running: Door) -> Response:
    """The keys that verify credentials, as a JWKS."""
    return await _shown(running, "jwks.json")


async def _shown(running: Running[Any], name: Literal["did.json", "jwks.json"]) -> Response:
    documents: IssuerDocuments = running.extras["issuer_documents"]
    body, kind = await documents.read(name)
    kept = {"cache-control": "public, max-age=300", "access-control-allow-origin": "*"}
    return Response(body, 200, kept, kind)


def _down() -> UpstreamDown:
    return UpstreamDown("upstream-down", "The issuer's keys are not available right now; try again.", retry_after=5)
