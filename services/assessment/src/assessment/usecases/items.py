"""Bulk commands: every item's problem is collected, then the whole list is refused or nothing is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.assessing.states import AssessmentState
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import Conflict, Finding, NotFound, Refusal, RuleViolated, StaleVersion

LIVE = frozenset(AssessmentState) - {AssessmentState.VOID}


class Problems:
    """Collects what is wrong with the items of one list."""

    def __init__(self) -> None:
        self._found: list[tuple[Refusal, Finding]] = []

    @contextmanager
    def at(self, position: int, member: str = "") -> Iterator[None]:
        """Note a refusal of item ``position`` (and its ``member``) and go on."""
        pointer = f"/items/{position}" + (f"/{member}" if member else "")
        try:
            yield
        except Refusal as refusal:
            self._found.append(
                (refusal, Finding(refusal.code, refusal.detail, pointer, refusal.rule, refusal.zh, refusal.values))
            )

    def refuse(self) -> None:
        """Raise one refusal with all findings, if there are any.

        The class is that of the single refusals when they agree, otherwise ``RuleViolated`` (``items-refused``).
        """
        if not self._found:
            return
        findings = [finding for _, finding in self._found]
        kinds = {type(refusal) for refusal, _ in self._found}
        first = self._found[0][0]
        same = len({finding.code for finding in findings}) == 1
        kind = kinds.pop() if len(kinds) == 1 else RuleViolated
        if same:
            raise kind(first.code, first.detail, rule=first.rule, zh=first.zh, findings=findings, **first.values)
        raise kind(
            "items-refused", "Nothing was changed; correct the items named and send the list again.", findings=findings
        )


async def live_assessments(work: AssessmentPort, participations: Iterable[UUID]) -> dict[UUID, Assessment]:
    """The assessments that are not void, by participation, locked in id order."""
    found = await work.assessments.list(participation=set(participations), state=LIVE)
    return {assessment.participation: assessment for assessment in found}


def pick(
    work: AssessmentPort, known: dict[UUID, Assessment], seen: set[UUID], participation: UUID, version: int | None
) -> Assessment:
    """The assessment of one item, once the caller was found to be allowed.

    Raises:
        NotFound: there is none, or the caller may not see it.
        Conflict: ``item-twice``.
        StaleVersion: ``stale-version`` when the item names another version.
    """
    assessment = known.get(participation)
    if assessment is None:
        raise NotFound("not-found", "There is no assessment of this participation, or you may not see it.")
    work.authorise(assessment.facets)
    if participation in seen:
        raise Conflict("item-twice", "This participation is named twice in the list.")
    seen.add(participation)
    if version is not None and assessment.version != version:
        raise StaleVersion(
            "stale-version", "The resource has changed since you read it; read it again.",
            current_version=assessment.version,
        )  # fmt: skip
    return assessment
