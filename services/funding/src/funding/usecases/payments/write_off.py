"""Write off what does not come back: asked by one person, signed by the authorities the matrix names (F-01, F-03)."""

from __future__ import annotations

from uuid import UUID

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.ledger.accounts import AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, gather
from funding.domain.participation import Participation
from funding.domain.payments.instalment import Instalment
from funding.usecases.approvals.ask import Request, ask_approvals, withdraw_approvals
from funding.usecases.approvals.sign import sign_approvals
from funding.usecases.participations.keep_position import keep_positions
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Conflict, RuleViolated


async def ask_write_off(work: FundingWork, instalment_id: UUID, reason: str) -> Instalment:
    """Ask that what is outstanding of a clawback be given up.

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``, ``write-off-asked``, ``fund-frozen``).
    """
    instalment, holder = await _held(work, instalment_id)
    fund = await work.funds.get(instalment.fund)
    fund.require_active()
    parts = instalment.ask_write_off(work.new_id(), reason, by=work.actor)
    request = Request(
        kind=ApprovalKind.WRITE_OFF,
        subject=_asked(instalment),
        fund=instalment.fund,
        programme=fund.programme,
        policy_version=holder.policy_version or fund.policy_version,
        payee=instalment.payee,
        parts=parts,
        handlers=[work.actor.subject],
    )
    await ask_approvals(work, [request])
    return instalment


async def sign_write_off(work: FundingWork, instalment_id: UUID) -> Instalment:
    """Sign the next step; the last one gives the money up: it stays where it was paid.

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``, ``fund-frozen``), Forbidden (``same-person``,
        ``not-your-step``), RuleViolated (``amount-changed``: drop it and ask again).
    """
    instalment, holder = await _held(work, instalment_id)
    (await work.funds.get(instalment.fund)).require_active()
    subject = _asked(instalment)
    [approval] = await sign_approvals(work, ApprovalKind.WRITE_OFF, [subject])
    if approval.parts != instalment.outstanding:
        raise RuleViolated("amount-changed", "Another amount is outstanding now; drop it and ask again.", rule="F-03")
    if approval.is_complete:
        parts = instalment.write_off()
        await work.books.post([_entry(work, instalment, parts, f"instalment:{instalment.id}:waived:{subject}")])
        await keep_positions(work, [holder], cause=str(work.new_id()))
    return instalment


async def drop_write_off(work: FundingWork, instalment_id: UUID) -> Instalment:
    """Do not give it up; it is claimed back as before. Raises ``NotFound``, ``Conflict``: ``wrong-state``."""
    instalment, _ = await _held(work, instalment_id)
    await withdraw_approvals(work, ApprovalKind.WRITE_OFF, [_asked(instalment)])
    instalment.drop_write_off()
    return instalment


async def _held(work: FundingWork, id: UUID) -> tuple[Instalment, Participation]:
    """The instalment and its participation, the latter locked first."""
    holder = await work.participations.get((await work.holders([id]))[id])
    return await work.instalments.get(id, target=True), holder


def _asked(instalment: Instalment) -> UUID:
    if instalment.write_off_asked is None:
        raise Conflict("wrong-state", "Nobody has asked to write this off.")
    return instalment.write_off_asked


def _entry(work: FundingWork, instalment: Instalment, parts: dict[str, int], key: str) -> Entry:
    return Entry(
        id=work.new_id(),
        fund=instalment.fund,
        kind=EntryKind.WAIVED,
        source_key=key,
        booked_on=work.today,
        postings=gather(instalment.move(AccountKind.RECEIVABLE, AccountKind.DISBURSED, parts)),
        posted_by=work.actor.subject,
        participation=instalment.participation,
        session=instalment.session,
        subject=instalment.id,
        payee=instalment.payee,
    )
