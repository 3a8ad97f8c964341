"""The JSON Schema of a programme with one of its batches (P-01, P-13, W-02, W-03)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from selection.adapters.http.schema_words import CODE, COUNT, DAY, LINE, NAMES, an_object, check_against, rows_of

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

PROGRAMME_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A programme with one of its batches",
} | an_object(
    {
        "programme": CODE,
        "kind": {"enum": ["special_training", "two_way_secondment", "short_class", "talent_support", "expert_mission"]},
        "direction": {"enum": ["outbound", "inbound", "two_way"]},
        "name_zh": LINE,
        "name_en": LINE,
        "policy_documents": rows_of(
            {"number": LINE},
            {
                "title_zh": LINE,
                "year": {"type": "integer"},
                "issuers_count": COUNT,
                "disclosure_class": {"enum": ["public", "on_application", "closed"]},
            },
        ),
        "batch": an_object(
            {
                "code": CODE,
                "number": COUNT,
                "first_year": {"type": "integer"},
                "target": COUNT,
                "sessions": rows_of(
                    {"session": CODE, "quota": {"type": "integer", "minimum": 1, "maximum": 1_000_000}}
                ),
            },
            {
                "last_year": {"type": "integer"},
                "launched_on": DAY,
                "expert_missions": COUNT,
                "expert_missions_per_year": COUNT,
                "pairing_schemes": rows_of(
                    {
                        "code": CODE,
                        "sources_count": COUNT,
                        "targets": {"type": "array", "items": CODE, "uniqueItems": True},
                    },
                    NAMES,
                ),
            },
        ),
    },
    {"name_bo": LINE, "lead_ministry": LINE, "regional_authority": LINE},
)
"""Published at ``GET /v1/selection/programmes/schema``."""


def check_programme(content: dict[str, Any]) -> None:
    """Refuse a programme that does not have the published shape. Raises ``Malformed`` ``bad-programme``."""
    check_against(_validator(), content, "bad-programme", "The programme does not have the published shape.")


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # heavy: when the first one is checked

    return Draft202012Validator(PROGRAMME_SCHEMA)
