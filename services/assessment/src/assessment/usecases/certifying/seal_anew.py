"""Wrap the keys of certificates anew after the service key was rotated, so that the retired key can be dropped."""

from __future__ import annotations

from typing import Final

from assessment.usecases.ports import AssessmentPort, Mint

BATCH: Final = 200


async def seal_anew(work: AssessmentPort, mint: Mint) -> int:
    """Rewrap up to 200 keys that another service key wraps; printed links and papers stay as they are.

    Returns:
        how many; 0 means that every key is wrapped by the current one and the retired keys may be dropped.
    """
    found = await work.certificates_sealed_otherwise(mint.sealed_by, BATCH)
    for certificate in found:
        mint.seal_anew(certificate)
    if found:
        work.note("vault.rewrap", "vault", mint.sealed_by.hex(), count=len(found))
    return len(found)
