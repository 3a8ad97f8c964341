"""Counting in a sliding window, and the header fields that say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.limits.kinds import Kind, kind_of
from gateway.adapters.limits.limiter import FACTORS, LIMITS, Limiter, LimitReached
from gateway.adapters.limits.windows import MemoryWindows, Quota
from shared.kernel.actor import Role


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/v1/selection/calls", Kind.READ),
        ("POST", "/v1/selection/applications", Kind.WRITE),
        ("POST", "/v1/selection/calls/7/imports", Kind.BULK),
        ("GET", "/v1/selection/imports/7", Kind.READ),
        ("POST", "/v1/placement/matching-runs", Kind.BULK),
        ("POST", "/v1/assessment/certificates/issue", Kind.BULK),
        ("GET", "/v1/events/stream", Kind.FEED),
        ("POST", "/v1/verifications", Kind.VERIFICATION),
        ("GET", "/verify/abc", Kind.VERIFICATION),
    ],
)
def test_every_request_goes_one_kind_of_way(method: str, path: str, kind: Kind) -> None:
    assert kind_of(method, path) is kind


@given(gaps=st.lists(st.floats(0, 30), max_size=200), amount=st.integers(1, 20))
def test_no_window_ever_holds_more_than_the_quota(gaps: list[float], amount: int) -> None:
    """Inside every window of the clock no more than the quota; inside any sliding one less than twice as much."""
    now = 1000.0
    windows = MemoryWindows(lambda: now)
    taken: list[float] = []
    for gap in gaps:
        now += gap
        if windows.count_now("a", Quota(amount, 60)).allowed:
            taken.append(now)

    for moment in taken:
        assert sum(1 for other in taken if other // 60 == moment // 60) <= amount
        assert sum(1 for other in taken if moment - 60 < other <= moment) < 2 * amount + 1


def test_who_waits_as_told_is_let_in() -> None:
    """``Retry-After`` is the truth: a moment earlier is too early, then it is not."""
    now = 1000.0
    windows = MemoryWindows(lambda: now)
    quota = Quota(5, 60)
    for _ in range(5):
        assert windows.count_now("a", quota).allowed
    refused = windows.count_now("a", quota)

    now += refused.reset - 0.5
    early = windows.count_now("a", quota)
    now += 0.51
    due = windows.count_now("a", quota)

    assert (refused.allowed, early.allowed, due.allowed) == (False, False, True)


def test_clients_do_not_count_for_each_other_and_are_forgotten() -> None:
    now = 1000.0
    windows = MemoryWindows(lambda: now)
    for number in range(500):
        assert windows.count_now(f"c{number}", Quota(1, 60)).allowed
    assert not windows.count_now("c7", Quota(1, 60)).allowed

    for _ in range(4):
        now += 200
        windows.count_now("other", Quota(10, 60))

    assert len(windows._counts) + len(windows._aged) <= 2


async def test_fields_of_the_draft_stand_on_every_answer() -> None:
    limiter = Limiter({"read": "2/minute"}, {"agency": 3})

    fields = dict(await limiter.admit(Kind.READ, "acc-1", [Role.APPLICANT]))
    machine = dict(await limiter.admit(Kind.READ, "m-1", [Role.AGENCY]))
    await limiter.admit(Kind.READ, "acc-1")
    with pytest.raises(LimitReached) as refused:
        await limiter.admit(Kind.READ, "acc-1")

    assert fields[b"ratelimit-policy"] == b'"read";q=2;w=60'
    assert fields[b"ratelimit"].startswith(b'"read";r=1;t=')
    assert machine[b"ratelimit-policy"] == b'"read";q=6;w=60'
    assert dict(refused.value.fields)[b"ratelimit"].startswith(b'"read";r=0;t=')
    assert 1 <= refused.value.values["retry_after"] <= 120
    assert await limiter.admit(Kind.WRITE, "acc-1") == []


async def test_a_shared_storage_counts_as_the_memory_does_and_may_be_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The storage of the library is asked when a URI names one; when it breaks, the process counts alone."""
    shared = Limiter({"read": "2/minute"}, {}, "async+memory://")

    for _ in range(2):
        await shared.admit(Kind.READ, "a")
    with pytest.raises(LimitReached):
        await shared.admit(Kind.READ, "a")

    async def broken(*_: object) -> bool:
        raise ConnectionError

    monkeypatch.setattr(shared._counter._strategy, "hit", broken)  # type: ignore[attr-defined]
    fields = dict(await shared.admit(Kind.READ, "a"))
    assert fields[b"ratelimit"].startswith(b'"read";r=1;t=')


def test_settings_are_data_and_mistakes_in_them_are_found() -> None:
    Limiter(LIMITS, FACTORS)

    assert FACTORS.keys() <= {role.value for role in Role}
    for wrong in ({"red": "2/minute"}, {"read": "many"}):
        with pytest.raises(ValueError, match=r"."):
            Limiter(wrong, {})
