"""Agreements, plans and mentorships as properties: shares, order of signing, editions, days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.domain.agreements import Agreement, AgreementState, Party
from placement.domain.agreements.filings import Filing, FilingState
from placement.domain.agreements.pages import LARGEST, page_of
from placement.domain.agreements.parties import PartyRole, problems_of
from placement.domain.agreements.responsibilities import AREAS, SIDES, matrix_problems
from placement.domain.hosts import Mentor
from placement.domain.mentorships import Mentorship, MentorshipState
from placement.domain.plans import Part, PlanText
from placement.domain.plans.text import changes, digest
from shared.kernel.actor import Role, system
from shared.kernel.refusals import Conflict, Refusal, TooLarge, UnsupportedFile
from shared.testing.actors import someone

HOST = PartyRole(role="host", signs="host_officer", most=10, shares=True)
DAY = date(2024, 3, 1)
ITSELF = system("placement")


def hosts(shares: list[int | None]) -> list[Party]:
    return [
        Party(role="host", identity=f"hosts/H{n:03d}", share=share, leading=n == 0) for n, share in enumerate(shares)
    ]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.integers(1, 100))
@settings(max_examples=100, deadline=None)
def test_shares_are_whole_or_refused(weights: list[int], last: int) -> None:
    """Any division that sums to 100 passes; any other is told, whatever its order."""
    shares: list[int | None] = [*weights, last]
    told = {finding.code for finding in problems_of(hosts(shares), {"host": HOST})}

    assert ("shares-not-whole" in told) == (sum(weights) + last != 100)


@given(st.integers(2, 6), st.data())
@settings(max_examples=60, deadline=None)
def test_signatures_in_every_order_that_the_policy_allows(count: int, data: st.DataObject) -> None:
    """Whoever tries when, an agreement is signed by all at the end, and nobody before those of a lower order."""
    orders = data.draw(st.lists(st.one_of(st.none(), st.integers(1, 3)), min_size=count, max_size=count))
    parties = [
        Party(role=f"office-{n}", identity=f"cn/{n:02d}", signs="regional_officer", order=order)
        for n, order in enumerate(orders)
    ]
    agreement = Agreement(id=UUID(int=1), participation=UUID(int=2), parties=parties, duties={})
    agreement.offer(on=DAY, by=someone(Role.REGIONAL_OFFICER, organisation="cn/54"))
    while not agreement.signed_by_all:
        turn = data.draw(st.sampled_from([n for n, party in enumerate(parties) if not party.signed]))
        before = [p for p in parties if p.order is not None and p.order < (orders[turn] or 0) and not p.signed]
        actor = someone(Role.REGIONAL_OFFICER, organisation=f"cn/{turn:02d}")
        if before:
            with pytest.raises(Conflict, match="not-your-turn"):
                agreement.sign(on=DAY, by=actor)
        else:
            agreement.sign(on=DAY, by=actor)

    assert agreement.enter_force(on=DAY, by=ITSELF).shares == ()
    assert agreement.state is AgreementState.IN_FORCE


@given(st.dictionaries(st.sampled_from([*AREAS, "views"]), st.lists(st.sampled_from([*SIDES, "mentor"]), max_size=3)))
@settings(max_examples=100, deadline=None)
def test_a_matrix_covers_the_four_areas_exactly(matrix: dict[str, list[str]]) -> None:
    """M-10: sound exactly when every area has one or two different sides and nothing else is named."""
    sound = set(matrix) == set(AREAS) and all(
        sides and set(sides) <= set(SIDES) and len(set(sides)) == len(sides) for sides in matrix.values()
    )

    assert (matrix_problems(matrix, required=True) == []) == sound


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(b"GIF89a", UnsupportedFile), (b"", UnsupportedFile), (b"%PDF-" + bytes(LARGEST), TooLarge)],
    ids=["gif", "empty", "large"],
)
def test_pages_that_are_not_taken(content: bytes, refusal: type[Refusal]) -> None:
    """Unknown first bytes and more than 5 MiB."""
    with pytest.raises(refusal):
        page_of(content, id=UUID(int=1), agreement=UUID(int=2), on=DAY, by="officer-1")


def test_a_filing_is_of_one_text() -> None:
    """The document is made once; its hash does not change with what happens to the file."""
    agreement: Any = Agreement(
        id=UUID(int=1), participation=UUID(int=2), parties=hosts([60, 40]), duties={"host": ["teach"]}
    )
    filing, region = Filing.of(UUID(int=3), agreement), someone(Role.REGIONAL_OFFICER)
    first = filing.sha256
    for _ in range(3):
        filing.submit(on=DAY, by=region)
        filing.send_back("Again.", on=DAY, by=region)
    filing.submit(on=DAY, by=region)
    filing.acknowledge("N-1", on=DAY, by=region)

    assert (filing.sha256, filing.state, len(filing.submissions)) == (first, FilingState.ACKNOWLEDGED, 4)


texts = st.builds(
    PlanText,
    post=st.sampled_from(["ward", "laboratory"]),
    tasks=st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3),
    inputs=st.dictionaries(st.sampled_from(["unit_needs", "teachers"]), st.sampled_from(["x", "y"])),
    parts=st.lists(
        st.builds(
            Part, mode=st.sampled_from(["work_post", "course"]), title=st.just("t"), starts_on=st.just(DAY),
            ends_on=st.just(DAY), hours=st.sampled_from([None, 8]),
        ),
        max_size=2,
    ),
    outcomes=st.lists(st.sampled_from(["m", "n"]), max_size=2),
    aims=st.dictionaries(st.sampled_from(["innovation", "practical_ability"]), st.lists(st.just("z"), max_size=1)),
)  # fmt: skip


@given(texts, texts)
@settings(max_examples=150, deadline=None)
def test_changes_and_digests_agree(before: PlanText, after: PlanText) -> None:
    """No change is told exactly when the texts are the same, and then their digests are."""
    assert (changes(before, after) == []) == (digest(before) == digest(after)) == (before == after)
    assert changes(before, before) == []


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_mentors_that_follow_one_another_share_no_day(story: list[tuple[int, bool]]) -> None:
    """M-05: however often a mentor is replaced, the days of the mentors never overlap."""
    host = someone(Role.HOST_OFFICER, organisation="hosts/H001")
    start, end = date(2024, 7, 1), date(2025, 6, 30)
    today, days, former = date(2024, 6, 1), [], None
    for number, (wait, taken_up) in enumerate(story):
        if former is not None:
            former.replace(on=today, by=host)
            days.append(former)
        former = Mentorship(
            id=UUID(int=number), participation=UUID(int=9), host="hosts/H001", mentor=UUID(int=number),
            account=f"mentor-{number}", state=MentorshipState.PRE_CONTACT_DONE,
        )  # fmt: skip
        if taken_up and today <= end:
            entry = Mentor(id=UUID(int=number), account=f"mentor-{number}", host="hosts/H001", title_level="senior",
                           load_limit=5)  # fmt: skip
            former.activate(entry, on=today, start=start, end=end, by=host)
        today += timedelta(days=wait)
    assert former is not None
    former.end(last=today, by=ITSELF)
    days.append(former)

    served = sorted((m.starts_on, m.ends_on) for m in days if m.starts_on and m.ends_on)
    assert all(first[1] < second[0] for first, second in pairwise(served))
