"""The words from which the published schemas of policies and programmes are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.kernel.refusals import Finding, Malformed

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"}
LINE = {"type": "string", "minLength": 1, "maxLength": 400}
COUNT = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
NAMES = {"name_zh": LINE, "name_bo": LINE, "name_en": LINE}


def an_object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": sorted(required),
        "additionalProperties": False,
    }


def rows_of(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """A list of such objects."""
    return {"type": "array", "items": an_object(required, optional), "maxItems": 2000}


DIRECTION = {"enum": ["outbound", "inbound"]}
TERM = {"type": "string", "pattern": r"^P(\d{1,2}Y)?(\d{1,2}M)?$"}
SEATS = {"type": "integer", "minimum": 1, "maximum": 50}
POINTS = {"type": "string", "pattern": r"^\d{1,2}(\.\d{1,2})?$"}
PERCENT = {
    "anyOf": [{"type": "integer", "minimum": 0, "maximum": 100}, {"type": "string", "pattern": r"^\d{1,2}\.\d$"}]
}
NAMED = {"code": CODE, "name_zh": LINE, "name_en": LINE}


def check_against(validator: Draft202012Validator, content: dict[str, Any], code: str, sentence: str) -> None:
    """Refuse content that does not have a schema's shape. Raises ``Malformed`` with a finding per place."""
    findings = [
        Finding("shape", error.message[:300], "".join(f"/{step}" for step in error.absolute_path))
        for error in sorted(validator.iter_errors(content), key=lambda error: list(map(str, error.absolute_path)))
    ]
    if findings:
        raise Malformed(code, sentence, findings=findings[:100])
