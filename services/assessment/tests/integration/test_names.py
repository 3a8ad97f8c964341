"""Names are asked for in this service's own name, in parts, with a purpose."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from assessment.adapters.certificates.names import SelectionNames
from shared.http.problems import Unavailable
from shared.identity.calling import ServiceCaller
from shared.identity.tokens import TokenSigner, TokenVerifier
from shared.kernel.actor import Role
from shared.testing.actors import Keys


def names_from(keys: Keys, answer: Any) -> SelectionNames:
    """A name source whose selection is ``answer``."""
    signer = TokenSigner(keys.private["assessment"], "assessment")
    caller = ServiceCaller("http://selection", "selection", signer, "assessment", httpx.MockTransport(answer))
    return SelectionNames(caller)


async def test_names_are_asked_in_parts_with_token_and_purpose(keys: Keys) -> None:
    asked: list[int] = []

    def selection(request: httpx.Request) -> httpx.Response:
        actor = TokenVerifier(keys.public, "selection").verify(request.headers["authorization"].split()[1])
        assert (actor.subject, actor.roles) == ("service:assessment", frozenset({Role.SERVICE}))
        body = json.loads(request.content)
        assert body["purpose"] == actor.purpose == "certificate-issue"
        asked.append(len(body["participations"]))
        rows = [
            {"participation": p, "name_zh": "次仁", "name_bo": None, "name_latin": "Tsering"}
            for p in body["participations"]
        ]
        return httpx.Response(200, json={"items": rows})

    found = await names_from(keys, selection).names([UUID(int=n) for n in range(1, 702)], purpose="certificate-issue")

    assert asked == [500, 201]
    assert len(found) == 701
    assert {name.forms for name in found.values() if name} == {("次仁", "Tsering")}


@pytest.mark.parametrize("status", [404, 500])
async def test_a_selection_that_does_not_answer_is_a_503(keys: Keys, status: int) -> None:
    with pytest.raises(Unavailable, match="names-unavailable"):
        await names_from(keys, lambda _: httpx.Response(status)).names([UUID(int=1)], purpose="certificate-issue")


async def test_whom_selection_does_not_know_is_left_out_and_the_rest_named(keys: Keys) -> None:
    """One unknown participation does not hold up five hundred others."""
    unknown = {str(UUID(int=3)), str(UUID(int=5))}

    def selection(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)["participations"]
        if missing := sorted(unknown & set(asked)):
            return httpx.Response(404, json={"code": "not-found", "ids": missing})
        return httpx.Response(200, json={"items": [{"participation": one, "name_zh": "次仁"} for one in asked]})

    found = await names_from(keys, selection).names([UUID(int=n) for n in range(1, 7)], purpose="certificate-issue")

    assert sorted(one.int for one, name in found.items() if name is None) == [3, 5]
    assert len(found) == 6
