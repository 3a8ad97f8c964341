"""From evidence to a confirmed result, on a memory of work."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from assessment.domain.assessing.evidence import Report
from assessment.domain.assessing.states import AssessmentState as S
from assessment.domain.certifying.certificate import CertificateState as C
from assessment.domain.certifying.certificate import HolderName
from assessment.domain.certifying.waiver import WaiverState
from assessment.domain.facts import AssessmentOpened, AssessmentVoided, CertificateRevoked, ResultConfirmed
from assessment.usecases.assessing import change_assessment
from assessment.usecases.assessing.confirm_results import Named, confirm_results
from assessment.usecases.assessing.record_results import Stated, record_results
from assessment.usecases.assessing.record_sheet import Scored, record_sheet
from assessment.usecases.certifying.issue_certificates import issue_certificates
from assessment.usecases.following.end_placement import end_placement
from assessment.usecases.following.enrol import enrol
from assessment.usecases.following.leave import leave
from assessment.usecases.following.note_evidence import note_change, note_mentor, note_report
from assessment.usecases.following.open_assessment import follow_placed
from shared.kernel.refusals import Conflict, Forbidden, NotFound, RuleViolated, TooEarly

END = date(2025, 6, 30)
AUGUST = datetime(2025, 8, 1, 2, tzinfo=UTC)


class Case:
    """One person's assessment in memory."""

    def __init__(self, kit: Any) -> None:
        self.kit, self.people, self.pid = kit, kit.people, kit.pid(1)
        self.work = kit.Work(kit.people.system)
        self.work.policies.add(kit.a_policy())
        self.mint = kit.Mint()

    def by(self, actor: Any) -> Any:
        self.work.actor = actor
        return self.work

    @property
    def state(self) -> str:
        return str(self.assessment.state)

    @property
    def assessment(self) -> Any:
        return max(self.work.assessments.things.values(), key=lambda found: (found.state is not S.VOID, found.id))

    @property
    def certificate(self) -> Any:
        return max(self.work.certificates.things.values(), key=lambda found: found.id)

    async def placed(self) -> None:
        await enrol(self.by(self.people.system), self.kit.a_participation())
        await follow_placed(self.work, self.pid, host="hosts/H001", planned_end=END)

    async def report(self, **more: Any) -> None:
        due = date(2024, 10, 10)
        known: dict[str, Any] = {"period": "1", "due_on": due, "submitted_on": due, "complete": True} | more
        latest = Report(**known)
        await note_report(self.by(self.people.system), self.pid, self.kit.pid(99), latest)

    async def end(self, kind: str = "normal") -> None:
        await end_placement(self.by(self.people.system), self.pid, kind=kind, ended_on=END, reason="term-completed")

    async def sheet(self, actor: Any, component: str, score: str) -> None:
        await record_sheet(self.by(actor), component, [Scored(self.pid, Decimal(score))])

    async def say(self, actor: Any, outcome: str, reason: str | None = None) -> None:
        await record_results(self.by(actor), [Stated(self.pid, outcome, reason)])

    async def confirm(self, actor: Any) -> None:
        await confirm_results(self.by(actor), [Named(self.pid)])

    async def conducted(self, panel: str = "88") -> None:
        await self.placed()
        await self.report()
        await self.sheet(self.people.host, "mentor_evaluation", "85")
        await self.sheet(self.people.unit, "unit_evaluation", "80")
        await self.end()
        self.work.now = AUGUST
        await self.sheet(self.people.assessor, "panel", panel)

    async def confirmed(self, panel: str = "88") -> None:
        await self.conducted(panel)
        await self.say(self.people.assessor, "pass" if Decimal(panel) >= 60 else "fail")
        await self.confirm(self.people.second)

    async def issued(self) -> None:
        names = {self.pid: HolderName("次仁")}
        await issue_certificates(self.by(self.people.issuer), self.kit.programme, "2024", None, names, self.mint)

    async def decided(self, corrections: dict[str, str] | None, ground: str = "irregularity") -> None:
        """An appeal by one officer, decided by another, confirmed by a third."""
        id = self.assessment.id
        await change_assessment.appeal(self.by(self.people.fourth), id, ground)
        scores = None if corrections is None else {code: Decimal(score) for code, score in corrections.items()}
        await change_assessment.decide(self.by(self.people.third), id, upheld=scores is not None, scores=scores)


@pytest.fixture
def case(kit: Any) -> Case:
    return Case(kit)


async def test_placed_opens_the_assessment_once(case: Case) -> None:
    """C-01: one assessment per participation, however often the event comes."""
    await case.placed()
    await follow_placed(case.work, case.pid, host="hosts/H002", planned_end=END)

    assert len(case.work.assessments.things) == 1
    assert case.assessment.host == "hosts/H002"
    assert [type(fact) for fact in case.work.announced] == [AssessmentOpened]
    assert (await case.work.policy(case.kit.programme, "batch-4")).state == "in_use"


async def test_events_wait_for_what_they_need(case: Case) -> None:
    """No order is assumed between topics."""
    work = case.by(case.people.system)
    for call in (
        follow_placed(work, case.pid, host="hosts/H001", planned_end=END),
        leave(work, case.pid, "family"),
        end_placement(work, case.pid, kind="normal", ended_on=END, reason="x"),
        note_mentor(work, case.pid, "m"),
        note_change(work, case.pid, host="hosts/H001", planned_end=END),
    ):
        with pytest.raises(TooEarly):
            await call
    await enrol(work, case.kit.a_participation())
    with pytest.raises(TooEarly):
        await case.report()
    with pytest.raises(TooEarly):
        await case.end()
    work.policies.things.clear()
    with pytest.raises(TooEarly, match="policy"):
        await follow_placed(work, case.pid, host="hosts/H001", planned_end=END)


async def test_withdrawal_before_placed_opens_nothing(case: Case) -> None:
    """The same end whichever event comes first."""
    work = case.by(case.people.system)
    await enrol(work, case.kit.a_participation())
    await leave(work, case.pid, "family")
    await follow_placed(work, case.pid, host="hosts/H001", planned_end=END)
    await case.report()

    assert work.assessments.things == {}


async def test_withdrawal_after_placed_voids(case: Case) -> None:
    await case.placed()
    await leave(case.work, case.pid, "family")

    assert case.state == S.VOID
    assert type(case.work.announced[-1]) is AssessmentVoided


@pytest.mark.parametrize("kind", ["early", "no_show", "before_start"])
async def test_a_placement_that_did_not_last_is_not_assessed(case: Case, kind: str) -> None:
    """C-01: only a completed term is assessed."""
    await case.placed()
    await case.end(kind)

    assert case.state == S.VOID
    with pytest.raises(NotFound):
        await case.sheet(case.people.host, "mentor_evaluation", "85")


async def test_another_host_after_a_false_start_opens_anew(case: Case) -> None:
    await case.placed()
    await case.end("before_start")
    await follow_placed(case.work, case.pid, host="hosts/H002", planned_end=END)

    assert case.state == S.OPEN
    assert case.assessment.host == "hosts/H002"


async def test_a_person_selected_again_begins_anew(case: Case) -> None:
    await case.placed()
    await leave(case.work, case.pid, "amended")
    await case.placed()

    assert case.state == S.OPEN


async def test_nothing_is_conducted_before_the_term_has_ended(case: Case) -> None:
    """C-01: the assessment follows the end of the term."""
    await case.placed()
    await case.sheet(case.people.host, "mentor_evaluation", "85")

    with pytest.raises(RuleViolated, match="term-not-ended") as refused:
        await case.sheet(case.people.assessor, "panel", "80")

    assert refused.value.rule == "C-01"
    await case.end()
    with pytest.raises(RuleViolated, match="evidence-incomplete") as refused:
        await case.sheet(case.people.assessor, "panel", "80")
    assert refused.value.values["missing"] == ["study_reports", "unit_evaluation"]


async def test_evidence_completes_by_itself_in_any_order(case: Case) -> None:
    await case.placed()
    await case.end()
    await case.sheet(case.people.unit, "unit_evaluation", "80")
    await case.report()
    assert case.state == S.OPEN
    await note_mentor(case.by(case.people.system), case.pid, case.people.mentor.subject)
    await case.sheet(case.people.mentor, "mentor_evaluation", "85")

    assert case.state == S.EVIDENCE_COMPLETE


async def test_an_overdue_notice_never_undoes_an_acknowledgement(case: Case) -> None:
    """D-02: the two events may come in either order."""
    await case.placed()
    await case.report(submitted_on=None, complete=False)
    await case.report(submitted_on=date(2024, 10, 20))
    await case.report(submitted_on=None, complete=False)

    assert case.assessment.scores(case.kit.a_scheme())["study_reports"] == 60


@pytest.mark.parametrize(
    ("who", "component", "score", "code"),
    [
        ("unit", "mentor_evaluation", "80", "not-your-component"),
        ("host", "unit_evaluation", "80", "not-your-component"),
        ("assessor", "unit_evaluation", "80", "not-your-component"),
        ("host", "panel", "80", "not-your-component"),
        ("host", "mentor_evaluation", "100.5", "off-scale"),
        ("host", "mentor_evaluation", "80.25", "off-scale"),
        ("host", "study_reports", "80", "not-your-component"),
        ("host", "beauty", "80", "unknown-component"),
    ],
)
async def test_scores_off_the_scale_or_by_the_wrong_role_are_refused(
    case: Case, who: str, component: str, score: str, code: str
) -> None:
    await case.placed()

    with pytest.raises((Forbidden, RuleViolated, Exception), match=code):
        await case.sheet(getattr(case.people, who), component, score)

    assert case.assessment.sheets == {}


async def test_a_prefecture_does_not_assess(case: Case) -> None:
    """C-01: the regional authority, not one below it."""
    await case.conducted()

    with pytest.raises(Forbidden, match="wrong-authority"):
        await case.say(case.people.prefecture_assessor, "pass")


async def test_the_outcome_is_what_the_scores_say(case: Case) -> None:
    await case.conducted("59.5")

    with pytest.raises(RuleViolated, match="outcome-contradicts-scores") as refused:
        await case.say(case.people.assessor, "pass")

    assert refused.value.values["broken_minima"] == ["panel"]


async def test_the_recorder_never_confirms(case: Case) -> None:
    """Four eyes, also for sending back."""
    await case.conducted()
    await case.say(case.people.assessor, "pass")

    with pytest.raises(Forbidden, match="four-eyes"):
        await case.confirm(case.people.assessor)


async def test_allowed_actions_know_four_eyes(case: Case) -> None:
    """Nobody is offered what would be refused to this very person."""
    await case.conducted()
    await case.say(case.people.assessor, "pass")
    assert case.assessment.allowed_actions(case.people.assessor) == []
    assert case.assessment.allowed_actions(case.people.second) == ["confirm", "return"]
    await case.confirm(case.people.second)
    await change_assessment.appeal(case.by(case.people.fourth), case.assessment.id, "irregularity")

    offered = {who: getattr(case.people, who) for who in ("assessor", "second", "third", "fourth")}
    assert {who: case.assessment.allowed_actions(by) for who, by in offered.items()} == {
        "assessor": [], "second": [], "third": ["decide"], "fourth": [],
    }  # fmt: skip


async def test_a_result_that_is_sent_back_is_recorded_again(case: Case) -> None:
    await case.conducted()
    await case.say(case.people.assessor, "pass")
    await change_assessment.send_back(case.by(case.people.second), case.assessment.id)
    await case.sheet(case.people.assessor, "panel", "50")
    await case.say(case.people.assessor, "fail")
    await case.confirm(case.people.second)

    assert case.assessment.result.outcome == "fail"


async def test_scores_after_confirmation_are_refused(case: Case) -> None:
    await case.confirmed()

    for who, component in (("host", "mentor_evaluation"), ("assessor", "panel")):
        with pytest.raises(Conflict, match="wrong-state"):
            await case.sheet(getattr(case.people, who), component, "10")


async def test_a_deferred_assessment_is_reopened_and_conducted_again(case: Case) -> None:
    await case.conducted()
    await case.say(case.people.assessor, "deferred", "illness")
    await change_assessment.reopen(case.by(case.people.assessor), case.assessment.id)

    assert (case.assessment.state, case.assessment.attempt) == (S.EVIDENCE_COMPLETE, 2)
    assert set(case.assessment.sheets) == {"mentor_evaluation", "unit_evaluation"}
    await case.sheet(case.people.assessor, "panel", "70")
    await case.say(case.people.assessor, "pass")


async def test_deferrals_are_limited_and_need_a_known_reason(case: Case) -> None:
    await case.conducted()
    with pytest.raises(RuleViolated, match="unknown-reason"):
        await case.say(case.people.assessor, "deferred", "weather")
    for _ in range(2):
        await case.say(case.people.assessor, "deferred", "illness")
        await change_assessment.reopen(case.by(case.people.assessor), case.assessment.id)
    with pytest.raises(RuleViolated, match="deferrals-used-up"):
        await case.say(case.people.assessor, "deferred", "illness")


async def test_an_appeal_that_changes_nothing_tells_the_world_nothing_new(case: Case) -> None:
    await case.confirmed()
    await case.decided(None, "new-evidence")
    await case.confirm(case.people.second)

    assert case.state == S.CONFIRMED
    assert sum(type(fact) is ResultConfirmed for fact in case.work.announced) == 1


async def test_a_pass_corrected_to_a_fail_revokes_the_certificate_by_itself(case: Case) -> None:
    """An overturned result takes certificate and unused waiver with it."""
    await case.confirmed()
    await case.issued()
    await case.decided({"panel": "0"})
    assert str(case.certificate.state) == C.ISSUED
    await case.confirm(case.people.second)

    revoked = [fact for fact in case.work.announced if type(fact) is CertificateRevoked]
    assert str(case.certificate.state) == C.REVOKED
    assert [fact.reason for fact in revoked] == ["result-overturned"]
    assert [waiver.state for waiver in case.work.waivers.things.values()] == [WaiverState.VOID]
    assert [fact.outcome for fact in case.work.announced if type(fact) is ResultConfirmed] == ["pass", "fail"]


async def test_a_pass_corrected_before_issuing_cancels_the_request(case: Case) -> None:
    await case.confirmed()
    await case.decided({"panel": "0"})
    await case.confirm(case.people.second)

    assert str(case.certificate.state) == C.CANCELLED
    with pytest.raises(Conflict, match="nothing-to-issue"):
        await case.issued()


async def test_a_fail_corrected_to_a_pass_allows_the_certificate(case: Case) -> None:
    await case.confirmed("50")
    assert case.work.certificates.things == {}
    await case.decided({"panel": "75"})
    await case.confirm(case.people.second)
    await case.issued()

    assert str(case.certificate.state) == C.ISSUED


async def test_four_eyes_hold_through_an_appeal(case: Case) -> None:
    """Neither recorder nor confirmer nor appellant decides; the decider does not confirm."""
    await case.confirmed()
    id = case.assessment.id
    await change_assessment.appeal(case.by(case.people.fourth), id, "irregularity")
    for actor in (case.people.assessor, case.people.second, case.people.fourth):
        case.assessment.__dict__["state"] = S.APPEALED
        with pytest.raises(Forbidden, match="four-eyes"):
            await change_assessment.decide(case.by(actor), id, upheld=False, scores=None)
    case.assessment.__dict__["state"] = S.APPEALED
    await change_assessment.decide(case.by(case.people.third), id, upheld=True, scores={"panel": Decimal(70)})
    with pytest.raises(Forbidden, match="four-eyes"):
        await case.confirm(case.people.third)


async def test_appeals_have_grounds_a_time_and_only_one_try(case: Case) -> None:
    await case.confirmed()
    id = case.assessment.id
    with pytest.raises(RuleViolated, match="unknown-ground"):
        await change_assessment.appeal(case.by(case.people.trainee), id, "bad-luck")
    with pytest.raises(Forbidden, match="not-your-ground"):
        await change_assessment.appeal(case.by(case.people.trainee), id, "irregularity")
    case.work.now = datetime(2025, 9, 15, tzinfo=UTC)
    with pytest.raises(RuleViolated, match="appeal-too-late"):
        await change_assessment.appeal(case.by(case.people.trainee), id, "scores")
    case.assessment.__dict__["state"] = S.CONFIRMED
    await case.decided(None)
    await case.confirm(case.people.second)
    with pytest.raises(Conflict, match="appeal-used"):
        await change_assessment.appeal(case.by(case.people.fourth), id, "irregularity")


async def test_an_upheld_appeal_names_what_it_corrects(case: Case) -> None:
    await case.confirmed()
    id = case.assessment.id
    await change_assessment.appeal(case.by(case.people.fourth), id, "irregularity")
    for scores, code in (
        ({}, "nothing-corrected"),
        ({"beauty": "1"}, "unknown-component"),
        ({"panel": "101"}, "off-scale"),
    ):
        case.assessment.__dict__["state"] = S.APPEALED
        corrected = {name: Decimal(score) for name, score in scores.items()}
        with pytest.raises(RuleViolated, match=code):
            await change_assessment.decide(case.by(case.people.third), id, upheld=True, scores=corrected)


async def test_all_wrong_lines_of_a_sheet_are_named_at_once(case: Case) -> None:
    """Nothing is half-written, and the officer sees every problem in one answer."""
    await case.placed()
    items = [
        Scored(case.pid, Decimal(80)), Scored(case.kit.pid(404), Decimal(80)), Scored(case.pid, Decimal(80)),
        Scored(case.pid, Decimal(80), version=7),
    ]  # fmt: skip

    with pytest.raises(RuleViolated, match="items-refused") as refused:
        async with case.by(case.people.host):
            await record_sheet(case.work, "mentor_evaluation", items)

    assert [(f.pointer, f.code) for f in refused.value.findings] == [
        ("/items/1", "not-found"), ("/items/2", "item-twice"), ("/items/3", "item-twice"),
    ]  # fmt: skip
    assert case.assessment.sheets == {}
