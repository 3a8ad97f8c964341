"""Reference data: complete against the contract and the programmes, labelled twice, kept by version."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.adapters.reference import code_lists
from gateway.domain.journey import STAGES
from gateway.domain.reference import CodeList, Entry
from gateway.settings import GatewaySettings
from shared.contracts.event import REGISTRY
from shared.kernel.actor import Role
from shared.testing.actors import Keys
from shared.testing.service import settings_for

PROGRAMMES = Path(__file__).parents[3] / "programmes"


def enums(value: Any) -> Iterator[tuple[str, ...]]:
    """Every enumeration in an OpenAPI document."""
    if isinstance(value, dict):
        if "enum" in value:
            yield tuple(map(str, value["enum"]))
        for inner in value.values():
            yield from enums(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from enums(inner)


@pytest.fixture(scope="module")
def contract(keys: Keys) -> dict[str, Any]:
    found = {}
    for name in ("selection", "placement", "assessment", "funding"):
        kind = getattr(import_module(f"{name}.settings"), f"{name.capitalize()}Settings")
        needed = {"selection_url": "http://unused", "certificate_key": keys.private[name]}
        more = {member: value for member, value in needed.items() if member in kind.model_fields}
        settings = settings_for(kind, "postgresql+asyncpg://nobody@127.0.0.1:1/none", keys, **more)
        found[name] = import_module(f"{name}.api").create_app(settings).openapi()
    return found


def test_no_enumeration_of_the_contract_is_missing(contract: dict[str, Any]) -> None:
    """Whoever sees a code in an answer finds its words in a list that holds all codes of that place."""
    lists = [{entry.code for entry in one.of()} for one in code_lists().values()]

    missing = {enum for enum in enums(contract) if not any(set(enum) <= codes for codes in lists)}

    assert missing == set()


def test_lists_of_the_platform_are_those_of_the_code() -> None:
    """Roles, stages, purposes and types of events are exactly what the code knows."""
    codes = {name: {entry.code for entry in one.of()} for name, one in code_lists().items()}

    assert codes["roles"] == {str(role) for role in Role}
    assert codes["journey-stages"] == set(STAGES)
    assert codes["purposes"] == GatewaySettings.model_fields["purposes"].default
    assert codes["event-types"] == {
        kind.event for name, kind in REGISTRY.items() if name.startswith("cn.talent.") and kind.service != "specimen"
    }


def test_codes_of_the_programmes_are_listed() -> None:
    """Areas, tiers, groups and position classes that programmes name have words."""
    codes = {name: {entry.code for entry in one.of()} for name, one in code_lists().items()}
    accrediting = yaml.safe_load((PROGRAMMES / "heilongjiang-talent-support/round-1/assessment.yaml").read_text())
    rules = str(accrediting)

    assert all(f"'code': '{code}'" in rules for code in codes["card-service-areas"] | codes["talent-tiers"])
    for path in PROGRAMMES.glob("*/*/selection.yaml"):
        defined = yaml.safe_load(path.read_text()).get("codes") or {}
        for kind in ("specialty_groups", "specialties", "position_classes", "focus_areas"):
            assert {one["code"] for one in defined.get(kind) or ()} <= codes[kind.replace("_", "-")], (path, kind)


def test_every_code_has_words_in_both_languages() -> None:
    """No label is empty and no list is."""
    for one in code_lists().values():
        assert one.zh
        assert one.en
        assert one.of()
        assert all(entry.zh for entry in one.entries), one.name
        assert all(entry.en for entry in one.entries), one.name


def test_a_version_shows_what_it_held() -> None:
    """A code that came or went later is not in an earlier version."""
    entries = (Entry("a", "甲", "A"), Entry("b", "乙", "B", since=2), Entry("c", "丙", "C", until=2))
    kept = CodeList("letters", "字母", "Letters", 2, "platform", entries)

    assert [entry.code for entry in kept.of(1)] == ["a", "c"]
    assert [entry.code for entry in kept.of()] == ["a", "b"]
