"""Certificates, waivers and verification, on a memory of work."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from assessment.domain.assessing.evidence import Report
from assessment.domain.assessing.opening import open_assessment
from assessment.domain.assessing.states import AssessmentState
from assessment.domain.certifying.certificate import CertificateState as C
from assessment.domain.certifying.certificate import HolderName, expiry
from assessment.domain.certifying.waiver import WaiverState
from assessment.domain.facts import CertificateIssued, CertificateRevoked, WaiverGranted
from assessment.domain.schemes.reading import inherit, read_scheme
from assessment.usecases.assessing.confirm_results import Named, confirm_results
from assessment.usecases.certifying import change_certificate
from assessment.usecases.certifying.consume_waiver import consume_waiver
from assessment.usecases.certifying.issue_certificates import issue_certificates
from assessment.usecases.certifying.verify_certificate import Question, verify_certificate
from shared.kernel.actor import Role
from shared.kernel.refusals import Conflict, Forbidden, NotFound, RuleViolated
from shared.testing.actors import someone

END = date(2025, 6, 30)


class Hall:
    """People with confirmed results in memory, waiting for the issuer."""

    def __init__(self, kit: Any) -> None:
        self.kit, self.people, self.mint = kit, kit.people, kit.Mint()
        self.work = kit.Work(kit.people.system, now=datetime(2025, 8, 1, 2, tzinfo=UTC))
        self.work.policies.add(kit.a_policy())

    def by(self, actor: Any) -> Any:
        self.work.actor = actor
        return self.work

    async def passed(self, *numbers: int, panel: str = "88", **more: Any) -> None:
        """Let people pass; components are put in directly, the steps have tests of their own."""
        scheme, people = self.kit.a_scheme(), self.people
        for number in numbers:
            person = self.kit.a_participation(number, **more)
            assessment, _ = open_assessment(
                self.work.new_id(), person, scheme, host="hosts/H001", planned_end=END, on=END
            )
            for actor, code in ((people.host, "mentor_evaluation"), (people.unit, "unit_evaluation")):
                part = scheme.component(code)
                assert part is not None
                assessment.score(part, Decimal(80), scheme, by=actor, at=self.work.now)
            assessment.note_report(self.kit.pid(900 + number), Report("1", END, END, True))
            assessment.end_term(END, scheme)
            part = scheme.component("panel")
            assert part is not None
            assessment.score(part, Decimal(panel), scheme, by=people.assessor, at=self.work.now)
            outcome = scheme.verdict(assessment.scores(scheme)).outcome
            assessment.record_result(outcome, scheme, by=people.assessor, at=self.work.now)
            self.work.assessments.add(assessment)
        items = [Named(self.kit.pid(number)) for number in numbers]
        await confirm_results(self.by(people.second), items)

    async def issue(self, *, actor: Any = None, only: list[int] | None = None, unknown: set[int] | None = None) -> Any:
        names: dict[Any, HolderName | None] = {
            thing.participation: HolderName(
                f"次仁{thing.participation.int - self.kit.pid(0).int}", None, "Tsering Dolma"
            )
            for thing in self.work.certificates.things.values()
        }
        names |= {self.kit.pid(number): None for number in unknown or ()}
        whose = None if only is None else [self.kit.pid(number) for number in only]
        work = self.by(actor or self.people.issuer)
        return await issue_certificates(work, self.kit.programme, "2024", whose, names, self.mint)

    def certificate(self, number: int) -> Any:
        mine = [c for c in self.work.certificates.things.values() if c.participation == self.kit.pid(number)]
        return max(mine, key=lambda found: found.id)

    def waiver(self, number: int) -> Any:
        return next(w for w in self.work.waivers.things.values() if w.participation == self.kit.pid(number))

    async def ask(self, **question: Any) -> Any:
        return await verify_certificate(self.by(someone(Role.AGENCY)), Question(**question), self.mint)


@pytest.fixture
def hall(kit: Any) -> Hall:
    return Hall(kit)


async def test_a_confirmed_pass_requests_its_certificate_and_a_fail_does_not(hall: Hall) -> None:
    """C-02."""
    await hall.passed(1)
    await hall.passed(2, panel="20")

    assert [c.participation for c in hall.work.certificates.things.values()] == [hall.kit.pid(1)]


async def test_numbers_follow_the_order_of_participations_without_gaps(hall: Hall) -> None:
    await hall.passed(3, 1, 2)
    await hall.issue(only=[2])
    await hall.issue()

    numbers = {n: hall.certificate(n).number.split("-")[2] for n in (1, 2, 3)}
    assert numbers == {2: "0001", 1: "0002", 3: "0003"}


async def test_nothing_is_issued_twice(hall: Hall) -> None:
    await hall.passed(1)
    await hall.issue()

    with pytest.raises(Conflict, match="nothing-to-issue"):
        await hall.issue()
    with pytest.raises(NotFound, match="not-requested"):
        await hall.issue(only=[1])
    assert sum(type(fact) is CertificateIssued for fact in hall.work.announced) == 1


async def test_whoever_assessed_never_issues(hall: Hall) -> None:
    """C-02: also when one account holds both roles."""
    await hall.passed(1)
    both = someone(Role.ISSUER, Role.ASSESSOR, subject=hall.people.second.subject, organisation="cn")
    elsewhere = someone(Role.ISSUER, subject="issuer-2", organisation="cn/54")

    with pytest.raises(Forbidden, match="issuer-is-assessor"):
        await hall.issue(actor=both)
    with pytest.raises(Forbidden, match="wrong-authority"):
        await hall.issue(actor=elsewhere)


async def test_a_name_that_selection_does_not_know_stops_the_list(hall: Hall) -> None:
    await hall.passed(1, 2)

    with pytest.raises(RuleViolated, match="name-missing") as refused:
        await hall.issue(unknown={2})

    assert [finding.pointer for finding in refused.value.findings] == ["/items/1"]
    assert hall.certificate(1).state is C.REQUESTED


async def test_an_unconfirmed_or_voided_pass_gets_nothing(hall: Hall) -> None:
    await hall.passed(1)
    hall.work.assessments.things[hall.certificate(1).assessment].__dict__["state"] = AssessmentState.APPEALED

    with pytest.raises(RuleViolated, match="not-a-confirmed-pass"):
        await hall.issue()


async def test_the_waiver_is_bound_to_the_next_title_level(hall: Hall) -> None:
    """C-03: next higher level; none at the top."""
    await hall.passed(1)
    await hall.passed(2, title_level="senior")
    await hall.issue()

    granted = [fact for fact in hall.work.announced if type(fact) is WaiverGranted]
    assert [(fact.participation, fact.title_level) for fact in granted] == [(hall.kit.pid(1), "associate_senior")]


async def test_a_waiver_is_used_once_for_its_level_while_the_certificate_counts(hall: Hall) -> None:
    """C-03."""
    await hall.passed(1)
    await hall.issue()
    waiver, work = hall.waiver(1), hall.by(hall.people.agency)
    with pytest.raises(RuleViolated, match="wrong-title-level"):
        await consume_waiver(work, waiver.id, "senior", "A-1")
    await change_certificate.suspend(hall.by(hall.people.issuer), hall.certificate(1).id)
    with pytest.raises(Conflict, match="certificate-not-in-force"):
        await consume_waiver(hall.by(hall.people.agency), waiver.id, "associate_senior", "A-1")
    await change_certificate.reinstate(hall.by(hall.people.issuer), hall.certificate(1).id)
    await consume_waiver(hall.by(hall.people.agency), waiver.id, "associate_senior", "A-1")

    for application in ("A-1", "A-2"):
        with pytest.raises(Conflict, match="waiver-consumed"):
            await consume_waiver(work, waiver.id, "associate_senior", application)
    assert (waiver.state, waiver.application) == (WaiverState.CONSUMED, "A-1")


async def test_revocation_ends_the_unused_waiver_and_keeps_a_used_one(hall: Hall) -> None:
    await hall.passed(1, 2)
    await hall.issue()
    await consume_waiver(hall.by(hall.people.agency), hall.waiver(2).id, "associate_senior", "A-2")
    for number in (1, 2):
        await change_certificate.revoke(hall.by(hall.people.issuer), hall.certificate(number).id, "fraud")

    assert [hall.waiver(1).state, hall.waiver(2).state] == [WaiverState.VOID, WaiverState.CONSUMED]
    assert {fact.reason for fact in hall.work.announced if type(fact) is CertificateRevoked} == {"fraud"}
    with pytest.raises(Conflict, match="waiver-void"):
        await consume_waiver(hall.by(hall.people.agency), hall.waiver(1).id, "associate_senior", "A-1")


async def test_reasons_are_those_of_the_scheme(hall: Hall) -> None:
    await hall.passed(1)
    await hall.issue()
    id, work = hall.certificate(1).id, hall.by(hall.people.issuer)

    for call in (
        change_certificate.revoke(work, id, "dislike"),
        change_certificate.revoke(work, id, "result-overturned"),
        change_certificate.reissue(work, id, "dislike", HolderName("次仁"), hall.mint),
    ):
        with pytest.raises(RuleViolated, match="unknown-reason"):
            await call


async def test_a_reissued_certificate_points_to_its_predecessor_and_takes_the_waiver(hall: Hall) -> None:
    await hall.passed(1)
    await hall.issue()
    first = hall.certificate(1)
    second = await change_certificate.reissue(
        hall.by(hall.people.issuer), first.id, "name-corrected", HolderName("次仁卓玛"), hall.mint
    )

    assert (first.state, second.state, second.predecessor) == (C.REISSUED, C.ISSUED, first.id)
    assert first.number != second.number
    assert hall.waiver(1).certificate == second.id
    assert len(hall.work.waivers.things) == 1
    assert (await hall.ask(number=first.number, name="次仁1")).status == "reissued"
    assert (await hall.ask(number=second.number, name="次仁卓玛")).status == "valid"
    with pytest.raises(Conflict, match="wrong-state"):
        await change_certificate.reissue(hall.by(hall.people.issuer), first.id, "lost", HolderName("次仁"), hall.mint)


async def test_a_pass_restored_after_revocation_gets_a_successor(hall: Hall) -> None:
    await hall.passed(1)
    await hall.issue()
    first = hall.certificate(1)
    await change_certificate.revoke(hall.by(hall.people.issuer), first.id, "issued-in-error")
    assessment = hall.work.assessments.things[first.assessment]
    assessment.__dict__["state"] = AssessmentState.RESULT_RECORDED
    await confirm_results(hall.by(hall.people.second), [Named(hall.kit.pid(1))])
    await hall.issue()

    assert hall.certificate(1).predecessor == first.id
    assert hall.certificate(1).state is C.ISSUED


@pytest.mark.parametrize(
    ("number", "name", "status"),
    [(None, "次仁1", "valid"), (None, " 次 仁1", "valid"), (None, "TSERING-dolma", "valid"), (None, "卓玛", "not-found"),
     (None, "", "not-found"), ("XZTP4-2024-0002-M", "次仁1", "malformed-number"), ("nonsense", "次仁1", "malformed-number")],
)  # fmt: skip
async def test_verification_needs_number_and_name(hall: Hall, number: str | None, name: str, status: str) -> None:
    await hall.passed(1)
    await hall.issue()

    answer = await hall.ask(number=number or hall.certificate(1).number, name=name)

    assert answer.status == status
    assert (answer.name is None) == (status != "valid")
    assert hall.work.notes[-1][0] == "certificate.verify"


async def test_verification_always_looks_at_the_records(hall: Hall) -> None:
    """A token or a credential that was good once says what holds today."""
    await hall.passed(1)
    await hall.issue()
    certificate = hall.certificate(1)
    questions = (
        {"token": hall.mint.token(certificate)}, {"credential": hall.mint.open_credential(certificate)},
        {"number": certificate.number, "name": "次仁1"},
    )  # fmt: skip
    steps = (
        (None, "valid"), (change_certificate.suspend, "suspended"), (change_certificate.reinstate, "valid"),
        (lambda work, named: change_certificate.revoke(work, named, "fraud"), "revoked"),
    )  # fmt: skip
    for act, status in steps:
        if act is not None:
            await act(hall.by(hall.people.issuer), certificate.id)
        for question in questions:
            assert (await hall.ask(**question)).status == status
    assert (await hall.ask(token="guess")).status == "not-found"
    assert (await hall.ask(credential="forged")).status == "tampered"


async def test_a_certificate_with_an_end_expires(hall: Hall) -> None:
    scheme = read_scheme(inherit(hall.kit.a_policy().effective, {"certificate": {"valid_years": 3}}))

    assert expiry(scheme, date(2024, 2, 29)) == date(2027, 2, 28)
    assert expiry(scheme, date(2025, 8, 1)) == date(2028, 8, 1)
    await hall.passed(1)
    await hall.issue()
    hall.certificate(1).valid_until = date(2025, 8, 1)
    assert (await hall.ask(number=hall.certificate(1).number, name="次仁1")).status == "valid"
    hall.work.now = datetime(2025, 8, 2, 2, tzinfo=UTC)
    assert (await hall.ask(number=hall.certificate(1).number, name="次仁1")).status == "expired"
