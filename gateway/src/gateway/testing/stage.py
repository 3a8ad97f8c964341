"""The door under test and everything a test speaks to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.adapters.db.unit_of_work import GatewayWork
from gateway.adapters.door import Door
from gateway.testing.upstream import token
from gateway.usecases.project import Arrival
from shared.kernel.actor import system
from shared.kernel.clock import SystemClock
from shared.work.unit import Circumstances


@dataclass
class Stage:
    """Everything a test speaks to."""

    url: str
    port: int
    issuer: str
    upstream: FastAPI
    door: Door
    client: httpx.AsyncClient
    engine: AsyncEngine

    def bearer(self, *roles: str, **more: Any) -> dict[str, str]:
        """An Authorization header."""
        return token(self.issuer, *roles, **more)

    async def arrive(self, arrivals: list[Arrival]) -> None:
        """Project events as one consumed batch."""
        circumstances = Circumstances(system("gateway"))
        async with GatewayWork(self.engine, SystemClock(), circumstances) as work:
            for arrival in arrivals:
                work.take(arrival)
