"""Finding the scheme that a decision is taken under."""

from __future__ import annotations

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.certifying.certificate import Certificate
from assessment.domain.schemes.scheme import Scheme
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import NotFound


class Schemes:
    """The schemes that one command meets, each read once."""

    def __init__(self, work: AssessmentPort) -> None:
        self._work = work
        self._read: dict[tuple[str, str], Scheme] = {}

    async def of(self, thing: Assessment | Certificate) -> Scheme:
        """The scheme that an assessment or certificate stands under. Raises ``NotFound``: ``no-policy``."""
        key = (thing.programme, thing.scheme_version)
        if key not in self._read:
            policy = await self._work.policy(*key)
            if policy is None:
                raise NotFound("no-policy", "The policy version of this programme is not loaded.")
            self._read[key] = policy.scheme()
        return self._read[key]
