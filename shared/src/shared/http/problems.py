"""RFC 9457 problems: the one place that knows status codes; all errors at once, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from shared.http.messages import TITLES
from shared.http.messages import ZH as PLUMBING_ZH
from shared.kernel.refusals import (
    Conflict,
    Finding,
    Forbidden,
    Malformed,
    NotFound,
    Refusal,
    RuleViolated,
    StaleVersion,
    TooLarge,
    UnsupportedFile,
)

MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[Refusal], int] = {
    Malformed: 400, Forbidden: 403, NotFound: 404, Conflict: 409, StaleVersion: 412, RuleViolated: 422,
}  # fmt: skip


class Unauthenticated(Refusal):
    """No valid token came with the request (401)."""


class PreconditionRequired(Refusal):
    """The change needs ``If-Match`` (428)."""


class Unavailable(Refusal):
    """Something this service needs does not answer (503)."""


STATUS |= {Unauthenticated: 401, TooLarge: 413, UnsupportedFile: 415, PreconditionRequired: 428, Unavailable: 503}


class ProblemError(BaseModel):
    """One thing that is wrong with the request."""

    code: str
    detail: str
    pointer: str | None = Field(default=None, description="RFC 6901 pointer into the request body")
    parameter: str | None = Field(default=None, description="name of the query, path or header parameter")
    rule: str | None = Field(default=None, description="id of the rule of the programme")


class Problem(BaseModel):
    """An RFC 9457 problem."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    rule: str | None = None
    errors: list[ProblemError] | None = None


def _documented(status: int) -> dict[str, Any]:
    return {
        "description": TITLES[status][0],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: _documented(status) for status in (400, 401, 403, 404, 409, 412, 422, 428, 500, 503)
}
"""The refusals that every guarded route documents."""
UPLOAD_PROBLEMS: dict[int | str, dict[str, Any]] = PROBLEMS | {status: _documented(status) for status in (413, 415)}
"""The refusals that a route with a file in its body documents."""
READ_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: _documented(status) for status in (400, 401, 403, 404, 500, 503)
}
STATE_PROBLEMS: dict[int | str, dict[str, Any]] = READ_PROBLEMS | {409: _documented(409)}
"""The refusals of a read of what is there only in some states."""


def also(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The media types, besides JSON, in which a route may answer."""
    return {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}}}


def locale_of(request: Request) -> str:
    """``zh-CN`` or ``en`` from ``Accept-Language``; the first language that we speak wins."""
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return "en"


class Wording:
    """Finds the words of a code in a language; ``catalogue`` is the service's Chinese one."""

    def __init__(self, catalogue: Mapping[str, str]) -> None:
        self._zh = PLUMBING_ZH | dict(catalogue)

    def detail(self, locale: str, code: str, english: str, zh: str | None, values: Mapping[str, Any]) -> str:
        """The sentence for ``code`` in ``locale``; English where no Chinese wording exists."""
        if locale != "zh-CN":
            return english
        template = zh or self._zh.get(code)
        if template is None:
            return english
        try:
            return template.format_map({name: _plain(value) for name, value in values.items()})
        except (KeyError, IndexError, ValueError):
            return template

    def refusal(self, refusal: Refusal, locale: str) -> Response:
        """The answer to a refused command."""
        status = next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)
        errors = [self._error(finding, locale) for finding in refusal.findings]
        detail = self.detail(locale, refusal.code, refusal.detail, refusal.zh, refusal.values)
        extra = {name: value for name, value in refusal.values.items() if name not in Problem.model_fields}
        return problem(status, refusal.code, detail, locale, rule=refusal.rule, errors=errors, extra=extra)

    def invalid(self, error: RequestValidationError, locale: str) -> Response:
        """The answer to a request that does not fit its schema, with every problem in it."""
        errors = []
        for found in error.errors():
            place, *path = found["loc"] or ("body",)
            entry: dict[str, Any] = {
                "code": found["type"].replace("_", "-"),
                "detail": self.detail(locale, found["type"], found["msg"], None, found.get("ctx") or {}),
            }
            if place == "body":
                entry["pointer"] = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
            else:
                entry["parameter"] = ".".join(str(step) for step in path) or str(place)
            errors.append(entry)
        detail = self.detail(locale, "bad-request", "The request does not fit its schema; see errors.", None, {})
        return problem(400, "bad-request", detail, locale, errors=errors)

    def _error(self, finding: Finding, locale: str) -> dict[str, Any]:
        detail = self.detail(locale, finding.code, finding.detail, finding.zh, finding.values)
        entry = {"code": finding.code, "detail": detail, "pointer": finding.pointer, "rule": finding.rule}
        return {name: value for name, value in entry.items() if value is not None}


def problem(
    status: int,
    code: str,
    detail: str,
    locale: str,
    *,
    rule: str | None = None,
    errors: list[dict[str, Any]] | None = None,
    extra: Mapping[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem as response; ``extra`` members never replace the standard ones."""
    title = TITLES.get(status, TITLES[500])[1 if locale == "zh-CN" else 0]
    body: dict[str, Any] = dict(extra or {})
    body |= {"type": f"/problems/{code}", "title": title, "status": status, "code": code, "detail": detail}
    if rule:
        body["rule"] = rule
    if errors:
        body["errors"] = errors
    sent = {"cache-control": "no-store", "content-language": locale} | (headers or {})
    if status == 401:
        sent["www-authenticate"] = "Bearer"
    if status == 503:
        sent.setdefault("retry-after", "2")
    return Response(orjson.dumps(body, default=str), status, sent, MEDIA_TYPE)


def _plain(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
