"""Which schema a policy answers to: one that accredits says so by its member ``accreditation``, all others assess."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.adapters.policies.accreditation_schema import ACCREDITING, ACCREDITING_INHERITING
from assessment.adapters.policies.json_schema import SCHEMA, JsonSchemaChecker, Schema, _findings
from shared.kernel.refusals import Finding

_ACCREDITS: Schema = {"type": "object", "required": ["accreditation"]}

PUBLISHED: Schema = {
    "$schema": SCHEMA["$schema"],
    "title": "Assessment or accreditation policy of one version of a programme",
    "if": _ACCREDITS,
    "then": {
        "if": {"type": "object", "required": ["inherits"]},
        "then": {"$ref": "#/$defs/accrediting_inheriting"},
        "else": {"$ref": "#/$defs/accrediting"},
    },
    "else": {name: SCHEMA[name] for name in ("if", "then", "else")},
    "$defs": SCHEMA["$defs"] | {"accrediting": ACCREDITING, "accrediting_inheriting": ACCREDITING_INHERITING},
}
"""The schema that callers read."""


class PolicyChecker:
    """Implements ``usecases.ports.SchemeChecker`` for both kinds of content."""

    def __init__(self) -> None:
        self._assessing = JsonSchemaChecker()

    def content(self, content: Mapping[str, Any]) -> list[Finding]:
        """See ``SchemeChecker.content``."""
        if "accreditation" not in content:
            return self._assessing.content(content)
        return _findings(ACCREDITING_INHERITING if "inherits" in content else ACCREDITING, content)

    def effective(self, content: Mapping[str, Any]) -> list[Finding]:
        """See ``SchemeChecker.effective``."""
        return _findings(ACCREDITING, content) if "accreditation" in content else self._assessing.effective(content)
