"""The state of hosts over HTTP (P-04)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, NoMembers
from placement.adapters.http.schemas.hosts import HostOut
from placement.adapters.http.scoping import PREFIX
from placement.usecases.hosts.turn_hosts import turn_host
from shared.http.commands import Command
from shared.http.guards import command
from shared.http.problems import PROBLEMS

router = APIRouter(prefix=f"{PREFIX}/hosts", tags=["hosts"])
Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$")]


@router.post("/{code}/pause", response_model=HostOut, responses=PROBLEMS)
async def post_pause(
    code: Code, command: Annotated[Command[SqlPlacementWork], Depends(command("host.pause"))], _: NoMembers = NOTHING
) -> Response:
    """The host offers no places for a time; what it has promised it keeps."""
    return await command.run(lambda work: turn_host(work, code, "pause"), present=HostOut.of)


@router.post("/{code}/resume", response_model=HostOut, responses=PROBLEMS)
async def post_resume(
    code: Code, command: Annotated[Command[SqlPlacementWork], Depends(command("host.resume"))], _: NoMembers = NOTHING
) -> Response:
    """The host may offer places again."""
    return await command.run(lambda work: turn_host(work, code, "resume"), present=HostOut.of)


@router.post("/{code}/close", response_model=HostOut, responses=PROBLEMS)
async def post_close(
    code: Code, command: Annotated[Command[SqlPlacementWork], Depends(command("host.close"))], _: NoMembers = NOTHING
) -> Response:
    """The host takes no part any more; its archive stays."""
    return await command.run(lambda work: turn_host(work, code, "close"), present=HostOut.of)
