"""Takes one uploaded PDF apart, in a process with little memory, little time and no right to write: ``python -m …``.

Reads the file from its input and writes JSON: ``{"credential": text or null, "sealed": true or false}``. Sealed means: one
signature that covers the whole file, unbroken, and, where a root is given, by a certificate under that root.
"""

from __future__ import annotations

import asyncio
import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

SECONDS: Final = 8
"""Of processor time."""
MEMORY: Final = 768 * 1024 * 1024
"""Of address space, libraries included."""
NAMES: Final = ("credential.jwt", "credential.json")
LONGEST: Final = 16_000
_DEEPEST: Final = 8
_MOST: Final = 64


def bound() -> None:
    """Give up what this process does not need."""
    for kind, most in (
        (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 64 * 1024),
        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 64),
    ):  # fmt: skip
        resource.setrlimit(kind, (most, most))


async def taken_apart(content: bytes, root: bytes | None) -> dict[str, Any]:
    """What is inside.

    Raises:
        Exception: whatever a broken file makes the reader raise; the caller of the process sees it end in failure.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(content))
    if reader.encrypted:
        return {"credential": None, "sealed": False}
    found = dict(_files(reader.root.get("/Names", {}).get("/EmbeddedFiles", {}), 0))
    credential = next((found[name] for name in NAMES if name in found), None)
    return {"credential": credential, "sealed": await _sealed(reader, root)}


def _files(node: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    children, names = node.get("/Kids", ()), node.get("/Names", ())
    for at in range(min(len(children), _MOST)):
        yield from _files(children[at], depth + 1)
    for at in range(1, min(len(names), 2 * _MOST), 2):
        specification = names[at]
        name = str(specification.get("/UF", specification.get("/F", "")))
        if name in NAMES:
            inside = specification["/EF"]["/F"].data
            if len(inside) <= LONGEST:
                yield name, inside.decode()


async def _sealed(reader: Any, root: bytes | None) -> bool:
    from asn1crypto import pem, x509
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        return False
    roots = [x509.Certificate.load(pem.unarmor(root)[2])] if root else []
    when = signatures[0].self_reported_timestamp or datetime.now(UTC)
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=when)
    status = await async_validate_pdf_signature(signatures[0], context)
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return bool(status.intact and status.valid and whole and (status.trusted or not roots))


def main() -> None:
    """Read, take apart, answer."""
    root = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else None
    bound()
    answer = asyncio.run(taken_apart(sys.stdin.buffer.read(), root))
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
