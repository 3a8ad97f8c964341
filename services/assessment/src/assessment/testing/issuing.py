"""A process that runs jobs and nothing else, to be killed: ``python -m assessment.testing.issuing SETTINGS [papers of a part]``."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from assessment.adapters.http.tools import tools_of
from assessment.adapters.jobs.printing import CHUNK, PrintingStep
from assessment.adapters.jobs.steps import STEPS
from assessment.api import create_app
from assessment.domain.certifying.certificate import HolderName
from assessment.settings import AssessmentSettings
from assessment.usecases.certifying.start_printing import PRINT
from shared.jobs.stepping import run_jobs

PERSONS = "018d0000-0000-7000-8000-"
_COPY = {
    "participation": ("id",),
    "assessment": ("id", "participation"),
    "certificate": ("id", "participation", "assessment"),
}
"""Tables to copy a person's rows in, and their columns that hold an id made of the person's number."""


class NumberedNames:
    """Selection's answer for persons whose participation ends in their number."""

    async def names(self, participations: Sequence[UUID], *, purpose: str) -> dict[UUID, HolderName | None]:
        """A name each."""
        del purpose
        return {
            one: HolderName(f"次仁{one.int % 100000}", "ཚེ་རིང་།", f"Tsering {one.int % 100000}")
            for one in participations
        }


async def multiply(connection: Any, count: int) -> None:
    """Copy the one confirmed pass of person 1 to persons 2 … ``count``, with a requested certificate each."""
    for table, ids in _COPY.items():
        columns = [
            row.column_name
            for row in await connection.execute(
                text("SELECT column_name FROM information_schema.columns WHERE table_name = :table"), {"table": table}
            )
        ]
        number = "lpad(to_hex(n), 12, '0')"
        made = dict.fromkeys(ids, f"('{PERSONS}' || {number})::uuid") | {"account": "'account-' || n"}
        if table == "certificate":
            made["id"] = f"('018d0000-0000-7000-9000-' || {number})::uuid"
        if table == "assessment":
            made["id"] = f"('018d0000-0000-7000-a000-' || {number})::uuid"
        if table == "certificate":
            made["assessment"] = f"('018d0000-0000-7000-a000-' || {number})::uuid"
        into = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(made.get(name, f'one."{name}"') for name in columns)
        await connection.execute(
            text(f"INSERT INTO {table} ({into}) SELECT {values} FROM {table} one, generate_series(2, {count:d}) n")
        )
    await connection.commit()


async def _run(settings: AssessmentSettings, part: int) -> None:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        running = app.state.running
        tools_of(running).names = NumberedNames()
        await run_jobs(running, STEPS | {PRINT: PrintingStep(part)})


def plain_settings(settings: AssessmentSettings) -> str:
    """The settings as JSON that ``main`` reads, secrets included."""
    plain = settings.model_dump(mode="json") | {
        name: getattr(settings, name).get_secret_value()
        for name in ("vault_key", "cursor_secret", "database_url")
        if hasattr(getattr(settings, name), "get_secret_value")
    }
    return json.dumps(plain)


def main() -> None:
    """Run all jobs with the settings of a JSON file, then end."""
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    asyncio.run(_run(AssessmentSettings(**settings), int(sys.argv[2]) if len(sys.argv) > 2 else CHUNK))


if __name__ == "__main__":
    main()
