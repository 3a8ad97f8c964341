"""What the rules say that look at attested facts: asked by the selecting authority alone, before it draws a roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import BEFORE_ROSTER
from selection.domain.eligibility.rules import Eligibility, RuleResult, Waived, evaluate
from selection.domain.eligibility.waiver import WaiverState
from selection.usecases.applying.forms import facts_about
from selection.usecases.ports import SelectionWork
from selection.usecases.sheet import each_row, no_twice
from shared.kernel.refusals import Finding, NotFound, RuleViolated


@dataclass(frozen=True, slots=True)
class AttestedCheck:
    """What the attested rules say about one application; ``attested`` is False while its unit said nothing."""

    application: Application
    attested: bool
    answers: Eligibility


async def check_attested(work: SelectionWork, session_id: UUID, ids: Sequence[UUID]) -> list[AttestedCheck]:
    """Ask the attested rules about applications of a session; the reading is audited.

    Raises:
        NotFound: ``session-not-found``; not of this session. Malformed: ``row-twice``.
    """
    no_twice(ids, "application")
    await work.readings.session(session_id)
    found = {each.id: each for each in await work.readings.applications(ids)}
    applications = each_row(ids, lambda id: _of_session(found.get(id), session_id))
    checks = await attested_checks(work, applications)
    work.note("attested.read", "session", str(session_id), applications=[str(id) for id in ids])
    return checks


async def exclude_applications(
    work: SelectionWork, session_id: UUID, rows: Sequence[tuple[UUID, str]]
) -> list[Application]:
    """Exclude (application, rule) pairs whose attested rule is not met and not waived; all or none.

    Raises:
        NotFound: not of this session. Malformed: ``row-twice``. Conflict: ``wrong-state``.
        RuleViolated: ``rule-not-unmet`` where the named rule excludes nobody.
    """
    no_twice((id for id, _ in rows), "application")
    loaded = {each.id: each for each in await work.applications.list(id={id for id, _ in rows}, session_id=session_id)}
    each_row([id for id, _ in rows], lambda id: _of_session(loaded.get(id), session_id))
    checks = {each.application.id: each for each in await attested_checks(work, list(loaded.values()))}

    def exclude(row: tuple[UUID, str]) -> Application:
        id, rule = row
        answers = checks[id].answers
        unmet = next((each for each in _standing_in_the_way(answers) if each.rule == rule), None)
        if unmet is None:
            raise RuleViolated(
                "rule-not-unmet", "This rule does not exclude this application.", rule="S-10",
                findings=[Finding("rule-not-unmet", "This rule does not exclude this application.", "/rule", "S-10")],
            )  # fmt: skip
        cited = {name: getattr(unmet, name) for name in ("rule", "document", "clause", "message_zh", "message_en")}
        work.announce(loaded[id].exclude({"outcome": "excluded"} | cited, work.actor, work.now))
        return loaded[id]

    return each_row(rows, exclude)


async def require_attested(work: SelectionWork, applications: Sequence[Application]) -> None:
    """Let a roster be drawn only when no attested rule stands open.

    Raises:
        RuleViolated: ``attested-rules-open`` naming every application to exclude, to waive for or to attest.
    """
    open_ = [
        (check.application.id, each)
        for check in await attested_checks(work, applications)
        for each in _standing_in_the_way(check.answers)
    ]
    if open_:
        raise RuleViolated(
            "attested-rules-open",
            "Conditions that the units attest are open: ask the unit, waive, or exclude.",
            rule="S-10",
            findings=[
                Finding("rule-unmet", f"{id}: {r.message_en}", "", r.rule, f"{id}：{r.message_zh}") for id, r in open_
            ],
            applications=sorted({str(id) for id, _ in open_}),
        )


async def attested_checks(work: SelectionWork, applications: Sequence[Application]) -> list[AttestedCheck]:
    """The answers of the attested rules of each application's profile; empty for profiles that have none."""
    calls = {id: await work.readings.call(id) for id in sorted({each.call_id for each in applications})}
    asked = {}
    for id, call in calls.items():
        policy = await work.readings.policy(call.programme, call.policy_version)
        asked[id] = policy, [rule for rule in policy.profile_rules(call.profile) if rule.attested]
    if not any(rules for _, rules in asked.values()):
        return []
    said = await work.attested.about(applications)
    waivers = await _waivers(work, [each.id for each in applications])
    checks = []
    for each in applications:
        policy, rules = asked[each.call_id]
        attestation = said.get(each.id)
        facts = facts_about(each, policy, work.today, attestation.reserve_listed if attestation else None)
        answers = evaluate(rules, facts, waivers[each.id], on=work.today, attested=True)
        checks.append(AttestedCheck(each, attestation is not None, answers))
    return checks


async def _waivers(work: SelectionWork, ids: Iterable[UUID]) -> dict[UUID, list[Waived]]:
    standing: dict[UUID, list[Waived]] = defaultdict(list)
    for waiver in await work.waivers.list(application_id=set(ids), state=WaiverState.GRANTED, attested=True):
        standing[waiver.application_id].append(waiver.counts_as)
    return standing


def _standing_in_the_way(answers: Eligibility) -> tuple[RuleResult, ...]:
    return (*answers.barriers, *answers.waivers_needed)


def _of_session(application: Application | None, session_id: UUID) -> Application:
    if application is None or application.session_id != session_id or application.state not in BEFORE_ROSTER:
        detail = "There is no such application before the roster of this session."
        raise NotFound("not-found", detail, findings=[Finding("not-found", detail, "/application")])
    return application
