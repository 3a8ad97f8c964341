"""What the contract says about itself, and of parameters that many operations share."""

from __future__ import annotations

from typing import Any

API_VERSION = "1.0.0"
"""Semantic version of the published interface; the major one is the ``/v1`` of the addresses."""

DESCRIPTION = """\
The one door to funded talent-development programmes: from the call for candidates to the certificate and the last yuan.

**Signing in.** Send an access token of the configured OpenID Connect provider as `Authorization: Bearer …`.

**Changing things.** Send `Idempotency-Key` with every POST, PUT and DELETE: a repetition gives the stored answer and
happens once. Send the `ETag` that was read as `If-Match`; a lost race is 412, not an overwritten change.

**Refusals** are `application/problem+json` (RFC 9457) and list everything that is wrong at once under `errors`;
`type` resolves to a page, `Accept-Language` chooses Chinese (zh-CN) or English (en).

**Lists** are pages by cursor; `updated_since` with the last `watermark` gives what has changed, and skips nothing.

**Unknown members** of an answer are to be ignored; unknown members of a request are refused.
"""
CONTACT = {
    "name": "Operators of the talent programme platform",
    "url": "https://talent.invalid/support",
    "email": "support@talent.invalid",
}
"""Of the installation; the top-level domain ``.invalid`` (RFC 2606) stands for its own."""
LICENSE = {"name": "For public authorities and whom they authorise", "url": "https://talent.invalid/licence"}
SERVERS: list[dict[str, Any]] = [
    {"url": "/", "description": "Where this document was read"},
    {
        "url": "https://{host}",
        "description": "Where the platform is installed",
        "variables": {"host": {"default": "talent.invalid", "description": "Name of the installation's gateway"}},
    },
]

_SAID = {
    "cursor": "`next_cursor` of the page before; it belongs to the same filters.",
    "limit": "Items a page; other values are coerced.",
    "session": "Only of this session of the programme, like 2024.",
    "programme": "Code of the programme.",
    "state": "Only what is in this state.",
    "participation": "Participation id: the one id that threads a person's way through all services.",
    "participation_id": "Participation id: the one id that threads a person's way through all services.",
    "language": "Language of the paper or text.",
    "format": "Form of the file.",
    "version": "Version of the policy.",
    "code": "Code of the thing.",
    "number": "Number of the paper.",
    "size": "Number of entries.",
    "position": "Position in the tree, from 0.",
    "token": "The secret of the address.",
    "batch": "Batch of the programme, like 4.",
    "as_of": "As things were on this day.",
    "overdue": "Only what is (or is not) overdue.",
}


def describe_parameter(parameter: dict[str, Any]) -> None:
    """Say what a parameter is, where its author did not."""
    if parameter.get("description"):
        return
    schema, name = parameter.get("schema", {}), parameter["name"]
    said = schema.pop("description", None) or _SAID.get(name)
    if said is None:
        noun = name.removesuffix("_id").replace("_", " ")
        if name.endswith("_id"):
            said = f"Id of the {noun}."
        elif parameter["in"] == "path":
            said = f"Which {noun}."
        else:
            said = f"Only where {noun} is this."
    parameter["description"] = said
