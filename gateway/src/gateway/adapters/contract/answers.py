"""What every operation may answer besides its own: the problems of door and service, and the headers that come along."""

from __future__ import annotations

from typing import Any

from gateway.adapters.contract.door import HEADERS as DOOR_HEADERS
from gateway.adapters.refusals import TITLES as OWN_TITLES
from shared.http.messages import TITLES as SHARED_TITLES
from shared.http.problems import MEDIA_TYPE

Document = dict[str, Any]

TITLES = SHARED_TITLES | OWN_TITLES
NAMES = {
    "400": ("Malformed", "bad-request", "The request does not fit its schema; see errors."),
    "401": ("Unauthenticated", "unauthenticated", "A valid token is needed."),
    "403": ("Forbidden", "wrong-role", "Your role may not do this."),
    "404": ("NotFound", "not-found", "There is no such thing, or you may not see it."),
    "408": ("TooSlow", "body-too-slow", "The body of the request did not arrive in time."),
    "409": ("Conflict", "wrong-state", "It is not in a state in which this can be done."),
    "412": ("PreconditionFailed", "stale-version", "It has changed since you read it; read it again."),
    "413": ("TooLarge", "body-too-large", "The body of the request is too large."),
    "415": ("UnsupportedMediaType", "unsupported-media-type", "Send another kind of file."),
    "422": ("RuleViolated", "key-reused", "This Idempotency-Key was used for another request; take a new one."),
    "428": ("PreconditionRequired", "if-match-required", "Send If-Match with the ETag that you read."),
    "429": ("TooManyRequests", "too-many-requests", "Too many requests; wait a little."),
    "431": ("HeadersTooLarge", "headers-too-large", "The headers of the request are too large."),
    "500": ("InternalError", "internal", "Something went wrong on our side; it was recorded."),
    "503": ("Unavailable", "unavailable", "The service cannot answer right now; try again."),
    "504": ("UpstreamSlow", "upstream-slow", "The service did not answer in time; try again."),
}
"""Name of the shared answer by status, with the code and detail of its example."""

ALWAYS = ("400", "401", "404", "429", "431", "500", "503", "504")
"""What the door itself may answer to any request: a bad path, Host or token, too many requests, nobody behind it."""
WITH_BODY = ("408", "413")
WRITING = ("403", "409", "422")
WAITING = {"429", "503"}
"""Statuses that say in ``Retry-After`` when to come again."""

EVERYWHERE = ("API-Version", "RateLimit", "RateLimit-Policy")
HEADERS: dict[str, Document] = DOOR_HEADERS | {
    "API-Version": {
        "description": "Full version of this interface (Semantic Versioning).",
        "required": True,
        "schema": {"type": "string", "examples": ["1.0.0"]},
    },
    "ETag": {
        "description": "Version of what is shown: If-Match of the next change, If-None-Match of the next look.",
        "schema": {"type": "string", "examples": ['"v3"']},
    },
    "Location": {
        "description": "Where the created resource is.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Idempotent-Replayed": {
        "description": "`true` when this is the stored answer of an earlier request with the same Idempotency-Key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Published-Events": {
        "description": "Ids of the events that the command published, in order, the last twenty; name them in `after` of a"
        " read that must have seen them.",
        "schema": {"type": "string", "examples": ["0199f0c2-7c1e-7a55-9d3e-1d2b3c4d5e6f"]},
    },
    "Content-Language": {
        "description": "Language of title and detail: what Accept-Language asked for, or English.",
        "schema": {"type": "string", "enum": ["zh-CN", "en"]},
    },
}
CONDITIONAL: Document = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETag of what the caller has; the answer is 304 when it is still that.",
    "schema": {"type": "string", "examples": ['"v3"']},
}


def complete_answers(document: Document) -> None:
    """Write the shared answers and headers once and refer to them from every operation."""
    components = document["components"]
    components["headers"] = dict(HEADERS)
    components["responses"] = {}
    for path in document["paths"].values():
        for method, operation in path.items():
            found = operation["responses"]
            for status in _possible(method, operation):
                found.setdefault(status, {})
            shown = found.get("200", {})
            if method == "get" and (_versioned(_shown(shown, document)) or "ETag" in shown.get("headers", {})):
                _conditional(operation)
            operation["responses"] = {
                status: _answer(status, found[status], method, document) for status in sorted(found)
            }  # fmt: skip


def _possible(method: str, operation: Document) -> list[str]:
    statuses = list(ALWAYS)
    if operation.get("security") != []:
        statuses.append("403")
    if "requestBody" in operation:
        statuses += WITH_BODY
        if any(not kind.endswith("json") for kind in operation["requestBody"].get("content", {})):
            statuses.append("415")
    if method != "get" and operation.get("security") != []:
        statuses += WRITING
    return statuses


def _answer(status: str, given: Document, method: str, document: Document) -> Document:
    """The answer as it is published: a reference for problems, the given one with its headers for the rest."""
    if status in NAMES and _plain(given):
        name = NAMES[status][0]
        document["components"]["responses"].setdefault(name, _problem(status))
        return {"$ref": f"#/components/responses/{name}"}
    headers = [*EVERYWHERE]
    shown = _shown(given, document)
    if _versioned(shown) or status == "304" or "ETag" in given.get("headers", {}):
        headers.append("ETag")
    if status == "201":
        headers.append("Location")
    if method != "get" and status.startswith("2"):
        headers += ["Idempotent-Replayed", "Published-Events"]
    given["headers"] = {name: _header(name) for name in headers} | {
        name: header for name, header in given.get("headers", {}).items() if name not in HEADERS
    }
    for content in given.get("content", {}).values():
        content.setdefault("schema", {"type": "string"})
    return given


def _plain(given: Document) -> bool:
    """True when an answer says nothing of its own."""
    content = given.get("content", {})
    return set(content) <= {MEDIA_TYPE} and all(set(each) <= {"schema"} for each in content.values())


def _problem(status: str) -> Document:
    _, code, detail = NAMES[status]
    example = {"type": f"/problems/{code}", "title": TITLES[int(status)][0], "status": int(status)}
    headers = [*EVERYWHERE, "Content-Language", *(["Retry-After"] if status in WAITING else [])]
    return {
        "description": TITLES[int(status)][0],
        "headers": {name: _header(name) for name in headers},
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": example | {"code": code, "detail": detail},
            }
        },
    }


def _conditional(operation: Document) -> None:
    parameters = operation.setdefault("parameters", [])
    if all(each["name"] != CONDITIONAL["name"] for each in parameters):
        parameters.append(dict(CONDITIONAL))
    operation["responses"].setdefault("304", {"description": "It is still what the caller has"})


def _shown(given: Document, document: Document) -> Document:
    schema = given.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Document = document["components"]["schemas"].get(name, schema)
    return found


def _versioned(shown: Document) -> bool:
    return bool(shown.get("properties", {}).get("version", {}).get("type") == "integer")


def _header(name: str) -> Document:
    return {"$ref": f"#/components/headers/{name}"}
