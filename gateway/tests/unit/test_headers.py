"""Both directions of the door are allow-lists."""

from __future__ import annotations

import pytest

from gateway.adapters.forwarding import headers
from gateway.adapters.forwarding.table import ROUTES, RouteTable, check_upstreams, checked_path
from gateway.adapters.refusals import HeadersTooLarge
from shared.kernel.refusals import Malformed

PASSED = [
    "accept", "accept-language", "content-type", "idempotency-key", "if-match", "if-none-match", "prefer", "range",
]  # fmt: skip
DROPPED = [
    "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-authorization", "proxy-connection",
    "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip", "x-user", "x-user-id", "x-user-roles",
    "idempotency_key", "if_match", "authorization_", "cookie", "host", "ce-id", "ce-source", "traceparent", "tracestate",
    "baggage", "x-purpose", "x-original-url", "x-http-method-override", "via", "expect", "content-length", "accept-encoding",
]  # fmt: skip


def sent(name: str) -> list[tuple[bytes, bytes]]:
    return [(b"host", b"door"), (name.encode(), b"value-of-caller")]


@pytest.mark.parametrize("name", PASSED)
def test_what_a_caller_may_say_passes(name: str) -> None:
    assert (name.encode(), b"value-of-caller") in headers.for_upstream(sent(name), token="t", trace="tp")


@pytest.mark.parametrize("name", DROPPED)
def test_everything_else_is_dropped(name: str) -> None:
    rebuilt = headers.for_upstream(sent(name), token="t", trace="tp")

    assert b"value-of-caller" not in [value for _, value in rebuilt]


def test_the_callers_token_never_reaches_a_service() -> None:
    rebuilt = headers.for_upstream([(b"authorization", b"Bearer outside")], token="inside", trace="tp")

    assert [value for name, value in rebuilt if name == b"authorization"] == [b"Bearer inside"]


def test_a_new_trace_begins_at_the_door() -> None:
    first, second = headers.new_trace(), headers.new_trace()

    assert first != second
    assert [len(part) for part in first.split("-")] == [2, 32, 16, 2]


@pytest.mark.parametrize(
    "name", ["server", "x-powered-by", "set-cookie", "connection", "access-control-allow-origin", "content-encoding"]
)
def test_what_a_service_may_not_tell_is_dropped(name: str) -> None:
    assert name.encode() not in [found for found, _ in headers.for_caller([(name.encode(), b"x")])]


def test_an_answer_is_not_stored_unless_the_service_says_so() -> None:
    assert (b"cache-control", b"no-store") in headers.for_caller([(b"etag", b'"v1"')])
    assert (b"cache-control", b"max-age=60") in headers.for_caller([(b"cache-control", b"max-age=60")])


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [(b"host", b"a"), (b"host", b"b")],
        [(b"host", b"a"), (b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")],
        [(b"host", b"a"), (b"idempotency-key", b"1"), (b"idempotency-key", b"2")],
        [(b"host", b"a"), (b"x-purpose", b"audit"), (b"x-purpose", b"payment")],
    ],
)
def test_ambiguous_headers_are_refused(lines: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(Malformed):
        headers.check(lines)


@pytest.mark.parametrize(
    "lines",
    [
        [(b"host", b"a"), *((b"x", b"y"),) * 100],
        [(b"host", b"a"), (b"x", b"y" * 9000)],
        [(b"host", b"a"), *((b"x", b"y" * 8000),) * 5],
    ],
)
def test_large_headers_are_refused(lines: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(HeadersTooLarge):
        headers.check(lines)


@pytest.mark.parametrize(
    "raw",
    [
        b"/v1/selection/../funding/x", b"/v1/selection/%2e%2e/funding", b"/v1/selection/.%2e/funding", b"/v1/selection//x",
        b"/v1/selection/a%2fb", b"/v1/selection/a%5cb", b"/v1/selection/a\\b", b"/v1/selection/%00", b"/v1/selection/a%0d%0a",
        b"/v1/selection/\xff", b"/v1/selection/ x", b"/v1/selection/%ff", b"/v1/selection/" + b"a" * 3000, b"/v1/selection/./x",
    ],
)  # fmt: skip
def test_a_path_that_can_be_read_in_two_ways_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        checked_path(raw)


def test_ordinary_paths_pass() -> None:
    assert checked_path(b"/v1/placement/hosts/H001") == "/v1/placement/hosts/H001"
    assert checked_path(b"/v1/x/%E8%A5%BF") == "/v1/x/西"


def test_the_longest_row_wins() -> None:
    table = RouteTable()

    assert table.match("/v1/selection/applications").service == "selection"  # type: ignore[union-attr]
    assert table.match("/v1/selection/persons/lookup").methods == frozenset()  # type: ignore[union-attr]
    assert table.match("/v1/assessment/.well-known/jwks.json").public  # type: ignore[union-attr]
    assert table.match("/v1/selections/x") is None
    assert table.match("/v1/journeys") is None


def test_a_row_without_an_address_does_not_start() -> None:
    with pytest.raises(LookupError, match="funding"):
        check_upstreams(RouteTable(ROUTES), {"selection": "x", "placement": "x", "assessment": "x"})
