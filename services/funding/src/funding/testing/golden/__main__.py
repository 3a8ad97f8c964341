"""Write the golden files anew: ``python -m funding.testing.golden <directory>``; look at the difference before you keep it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from funding.testing.golden.scenarios import SCENARIOS
from funding.testing.golden.text import golden


async def _write(directory: Path) -> None:
    for name in SCENARIOS:
        (directory / f"{name}.txt").write_text(await golden(name), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(_write(Path(sys.argv[1])))
