"""What a campaign stands on: the published contract, what exists on the platform, and who may ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from talent_local.cohort.cohort import SMALL, Size
from talent_local.cohort.run import door_of, walked
from talent_local.fuzzing.actors import EVERYBODY, Tokens, tokens
from talent_local.fuzzing.pools import Pools, harvest
from talent_local.home import Home


@dataclass(frozen=True, slots=True)
class Ground:
    """A platform with a walked cohort, seen from outside.

    Attributes:
        gateway: origin of the door.
        document: the merged OpenAPI document.
    """

    gateway: str
    document: Mapping[str, Any]
    pools: Pools
    tokens: Tokens


async def prepared(home: Home, size: Size = SMALL) -> Ground:
    """Read the contract and what exists on a platform that carries a cohort of ``size``."""
    cohort = await walked(home, size)
    async with door_of(home) as door:
        document = await door.get(None, "/openapi.json")
        pools = await harvest(door, document, EVERYBODY[:2])
        return Ground(door.gateway, document, pools, await tokens(door, cohort))
