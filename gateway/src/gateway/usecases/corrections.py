"""Ask for a correction of a shared record, and answer such a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from gateway.domain.sharing.catalogue import Dataset
from gateway.domain.sharing.correction import Correction, due_after
from shared.kernel.actor import Actor, Facets
from shared.kernel.refusals import Finding, RuleViolated
from shared.kernel.work import Store


class CorrectionWork(Protocol):
    """What these use cases need of their unit of work."""

    actor: Actor
    now: datetime
    corrections: Store[Correction]

    @property
    def today(self) -> date:
        """See ``Work.today``."""
        ...

    def new_id(self) -> UUID:
        """See ``Work.new_id``."""
        ...

    def authorise(self, facets: Facets) -> None:
        """See ``Work.authorise``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCorrection:
    """Which field of which record is wrong, why by code, and where the evidence lies."""

    dataset: str
    record: str
    field: str
    reason: str
    evidence: str | None


async def request_correction(
    work: CorrectionWork, request: RequestCorrection, datasets: dict[str, Dataset]
) -> Correction:
    """The request, in the owner's queue with its deadline.

    Raises:
        RuleViolated: ``correction-rejected`` naming an unknown dataset, a dataset that is not shared, or an unknown field.
    """
    found = datasets.get(request.dataset)
    findings = []
    if found is None:
        findings.append(
            Finding("no-such-dataset", "The catalogue has no such dataset.", "/dataset", zh="目录中没有该数据集。")
        )
    elif request.field not in {one.name for one in found.fields}:
        findings.append(Finding("no-such-field", "The dataset has no such field.", "/field", zh="该数据集没有此字段。"))
    if findings or found is None:
        raise RuleViolated("correction-rejected", "The request names what is not there; see errors.", findings=findings)
    wanted = Correction(
        id=work.new_id(), dataset=request.dataset, record=request.record, field=request.field, reason=request.reason,
        evidence=request.evidence, requester=work.actor.subject, requester_organisation=work.actor.organisation,
        owner=found.owner, received_at=work.now, due_on=due_after(work.today),
    )  # fmt: skip
    work.authorise(wanted.facets)
    work.corrections.add(wanted)
    return wanted


async def assign_correction(work: CorrectionWork, id: UUID, to: str) -> Correction:
    """Give a request to an officer. Raises ``NotFound``, ``Forbidden``, ``Conflict``, ``StaleVersion``."""
    found = await _found(work, id)
    found.assign(to, by=work.actor)
    return found


async def decide_correction(work: CorrectionWork, id: UUID, decision: str, answer: str) -> Correction:
    """Accept or reject a request. Raises ``NotFound``, ``Forbidden``, ``Conflict``, ``StaleVersion``."""
    found = await _found(work, id)
    found.decide(decision, answer, by=work.actor, on=work.today)
    return found


async def close_correction(work: CorrectionWork, id: UUID) -> Correction:
    """Close a decided request. Raises ``NotFound``, ``Forbidden``, ``Conflict``, ``StaleVersion``."""
    found = await _found(work, id)
    found.close(by=work.actor)
    return found


async def _found(work: CorrectionWork, id: UUID) -> Correction:
    found = await work.corrections.get(id, target=True)
    work.authorise(found.facets)
    return found
