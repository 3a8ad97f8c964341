"""Values that have broken servers before, as they are written on the wire."""

from __future__ import annotations

from typing import Final

JSON: Final = "application/json"
DEEP: Final = 50_000

BODIES: Final[tuple[tuple[str, bytes, str | None], ...]] = (
    ("empty", b"", JSON),
    ("null", b"null", JSON),
    ("array", b"[]", JSON),
    ("text", b'"x"', JSON),
    ("cut off", b'{"a": [', JSON),
    ("NaN", b'{"a": NaN}', JSON),
    ("infinity", b'{"a": -Infinity}', JSON),
    ("float beyond range", b'{"a": 1e400}', JSON),
    ("integer of 5000 digits", b'{"a": ' + b"9" * 5000 + b"}", JSON),
    ("no UTF-8", b'{"a": "\xc3\x28"}', JSON),
    ("lone surrogate in UTF-8", b'{"a": "\xed\xa0\x80"}', JSON),
    ("byte order mark", b"\xef\xbb\xbf{}", JSON),
    ("UTF-16", '{"a": 1}'.encode("utf-16"), JSON),
    ("deep arrays", b"[" * DEEP + b"]" * DEEP, JSON),
    ("deep objects", b'{"a":' * DEEP + b"1" + b"}" * DEEP, JSON),
    ("same name twice", b'{"a": 1, "a": 2}', JSON),
    ("another charset", b"{}", "application/json; charset=utf-16"),
    ("plain text", b"{}", "text/plain"),
    ("XML", b"<a/>", "application/xml"),
    ("form", b"a=1&a=2", "application/x-www-form-urlencoded"),
    ("multipart without boundary", b"--x\r\n", "multipart/form-data"),
    (
        "multipart cut off",
        b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb',
        "multipart/form-data; boundary=x",
    ),
    ("no media type", b"{}", None),
    ("malformed media type", b"{}", "application/json; ;=\xff"),
)
"""Name, body, Content-Type: bodies that are wrong whatever the operation."""

LEAVES: Final[tuple[tuple[str, bytes], ...]] = (
    ("NUL", b'"a\\u0000b"'),
    ("lone surrogate", b'"a\\ud800b"'),
    ("long text", b'"' + b"x" * 70_000 + b'"'),
    ("no text", b'""'),
    ("blanks", b'" \\t\\n\\u3000 "'),
    ("right to left", '"\u202e\u2066<script>"'.encode()),
    ("float beyond range", b"1e400"),
    ("huge integer", b"9223372036854775808"),
    ("huger integer", b"1" + b"0" * 400),
    ("negative", b"-1"),
    ("tiny", b"1e-400"),
    ("half", b"0.5"),
    ("true", b"true"),
    ("null", b"null"),
    ("first day", b'"0001-01-01"'),
    ("last day", b'"9999-12-31"'),
    ("no day", b'"2023-02-30"'),
    ("before the first moment", b'"0001-01-01T00:00:00+14:00"'),
    ("after the last moment", b'"9999-12-31T23:59:59-14:00"'),
    ("leap second", b'"2016-12-31T23:59:60Z"'),
    ("amount beyond range", b'"999999999999999.99"'),
    ("other digits", '"\u0661\u0662"'.encode()),
    ("pattern end", b'"none-such\\n"'),
    ("list in list", b"[[[[]]]]"),
    ("object", b'{"__proto__": {"a": 1}}'),
)
"""Name, JSON: put in the place of one member of a body that fits otherwise."""

QUERIES: Final = (
    "", "%00", "%ff", "%ed%a0%80", "%F0%9F%98%80", "x" * 6000, "1e400", "-1", "9" * 40, "%2B1", "0x10", "NaN", "%C2%B2",
    "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "9999-12-31", "2023-02-30", "%0d%0aset-cookie:a",
    "'%3B--", "%25", "a%26b%3Dc", "..%2F..%2F", "null", "[]", "WyJ4IixbIngiXV0.x", "true", "%E2%80%AE", "%20", "1%2C2",
)  # fmt: skip
"""Encoded values of a query parameter."""

SEGMENTS: Final = (
    "%00", "%ff", "%F0%9F%98%80", "..", "%2e%2e", "a%2Fb", "x" * 1500, "9" * 40, "-1", "0", "%20", "%C2%B2", "null",
    "00000000-0000-0000-0000-000000000000", "%7B%7D", "a%0Ab", ";a=b", "%25%30%30",
)  # fmt: skip
"""Encoded values of a path parameter."""

HEADERS: Final[tuple[tuple[str, bytes], ...]] = (
    ("if-match", b'"v99999999999999999999"'),
    ("if-match", b'"v' + b"9" * 5000 + b'"'),
    ("if-match", b'"v\xb2"'),
    ("if-match", b'"v%C2%B2"'),
    ("if-match", b'"v-1"'),
    ("if-match", b"*"),
    ("if-match", b'W/"v1", "v2"'),
    ("if-match", b""),
    ("if-none-match", b"\xff\xfe"),
    ("idempotency-key", b""),
    ("idempotency-key", b"\xe4\xbd\xa0"),
    ("idempotency-key", b"x" * 256),
    ("accept-language", b"\xff;q=x,,,zh;;q"),
    ("accept", b"application/xml"),
    ("range", b"bytes=9-1"),
    ("x-purpose", b"\xff"),
    ("traceparent", b"00-zz"),
    ("content-encoding", b"gzip"),
    ("if-modified-since", b"yesterday"),
    ("x" * 9000, b"x"),
    ("x-long", b"x" * 9000),
)
"""Name, value of a request header."""
