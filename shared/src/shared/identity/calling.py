"""Calls from one service to another: the one module that knows httpx; own token, purpose, deadline, one retry."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from shared.identity.tokens import TokenSigner
from shared.kernel.actor import Actor, Role


class PeerUnavailable(Exception):
    """The other service did not answer in time or answered with an error of its own."""


class PeerRefused(PeerUnavailable):
    """The other service refused: ``status`` and the decoded ``problem`` say what."""

    def __init__(self, service: str, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{service} answered {status}")
        self.status, self.problem = status, problem


class ServiceCaller:
    """Calls one other service in this service's own name.

    Args:
        base_url: where the other service listens.
        audience: the other service's name.
        signer: signs this service's tokens.
        service: this service's name.
        transport: replaces the network in tests.
    """

    def __init__(
        self,
        base_url: str,
        audience: str,
        signer: TokenSigner,
        service: str,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = httpx.AsyncClient(base_url=base_url, timeout=10, transport=transport)
        self._audience, self._signer, self._service = audience, signer, service

    async def post(self, path: str, json: Any, *, purpose: str) -> Any:
        """POST and give the decoded answer.

        Args:
            path: absolute path at the other service.
            json: body.
            purpose: code of the purpose, audited by the other side.

        Raises:
            PeerUnavailable: after one retry on connection failure.
            PeerRefused: on an answer that is not 2xx.
        """
        actor = Actor(f"service:{self._service}", roles=frozenset({Role.SERVICE}), purpose=purpose)
        try:
            answer = await self._send(path, json, actor)
        except httpx.TransportError:
            await asyncio.sleep(0.2)
            try:
                answer = await self._send(path, json, actor)
            except httpx.TransportError as error:
                raise PeerUnavailable(f"{self._audience} does not answer") from error
        if not answer.is_success:
            raise PeerRefused(self._audience, answer.status_code, _problem(answer))
        return answer.json()

    async def _send(self, path: str, json: Any, actor: Actor) -> httpx.Response:
        token = self._signer.sign(actor, self._audience)
        return await self._client.post(path, json=json, headers={"authorization": f"Bearer {token}"})

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
