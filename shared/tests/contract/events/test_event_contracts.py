"""Event contracts: files equal code, recorded samples parse for ever, payloads hold ids and codes only."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from jsonschema import Draft202012Validator

from shared.contracts.envelope import Envelope, UnreadableEvent, read_envelope, read_event
from shared.contracts.event import REGISTRY, Event
from shared.contracts.publish import SAMPLES, file_of, schema_of

CONTRACTS = sorted(REGISTRY.values(), key=lambda contract: contract.type_name())
PERSONAL = {"name", "name_zh", "name_bo", "name_latin", "identity_number", "phone", "birth_date", "ethnicity", "religion",
            "bank_account", "political_affiliation", "email", "address"}  # fmt: skip


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.type_name())
def test_schema_file_equals_code(contract: type[Event]) -> None:
    """The published schema is the model's; run ``python -m shared.contracts.publish`` after a change."""
    assert json.loads(file_of(contract).read_text()) == schema_of(contract)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*.json")), ids=lambda path: path.stem)
def test_every_recorded_sample_parses_for_ever(path: Path) -> None:
    """A sample that was once published is read by every later release; its name is <event>.v<major>.<year>.json."""
    contract = REGISTRY[f"cn.talent.{path.parent.name}.{path.name.rsplit('.', 2)[0]}"]
    payload = json.loads(path.read_text())

    parsed = contract.model_validate(payload)

    assert parsed.model_dump(mode="json", exclude_unset=True) == payload
    Draft202012Validator(schema_of(contract)).validate(payload)


def test_every_event_has_a_sample() -> None:
    """No event without a recorded sample."""
    assert {path.name.rsplit(".", 2)[0] for path in SAMPLES.glob("*/*.json")} == {
        f"{contract.event}.v{contract.major}" for contract in CONTRACTS
    }


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.type_name())
def test_no_event_carries_personal_data(contract: type[Event]) -> None:
    """domain.md 7.3 no. 7: ids and codes only; no member could hold a name, and every string is bounded to codes."""
    assert not PERSONAL & set(contract.model_fields)
    for name, member in schema_of(contract)["properties"].items():
        if member.get("type") == "string":
            assert {"pattern", "format", "enum", "const"} & set(member), name


def test_envelope_is_cloudevents_binary_mode() -> None:
    """The reference implementation reads our headers (CloudEvents 1.0, Kafka binding, binary mode)."""
    envelope = Envelope("0190b6c0-1c00-7a00-8000-000000000001", "/selection", "cn.talent.selection.story.closed.v1",
                        "0190b6c0-1c00-7a00-8000-000000000002", datetime(2024, 3, 1, tzinfo=UTC), 3)  # fmt: skip
    headers = {name: value.encode() for name, value in envelope.headers().items()}

    read = from_binary(KafkaMessage(headers, b"key", b'{"a":1}'), JSONFormat(), CloudEvent)

    assert (read.get_id(), read.get_type(), read.get_source()) == (envelope.id, envelope.type, envelope.source)
    assert read.get_data() == {"a": 1}
    assert read_envelope(envelope.headers()) == envelope


def test_an_unknown_type_is_ignored_and_a_bad_payload_is_poison() -> None:
    """Consumers go on past types of later releases; a payload that does not fit is parked, not guessed."""
    envelope = Envelope("i", "/selection", "cn.talent.selection.unheard.v9", "s", datetime(2024, 3, 1, tzinfo=UTC), 1)
    known = Envelope("i", "/selection", "cn.talent.selection.selected.v1", "s", datetime(2024, 3, 1, tzinfo=UTC), 1)

    assert read_event(envelope, b"{}") is None
    with pytest.raises(UnreadableEvent):
        read_event(known, b"{}")
    with pytest.raises(UnreadableEvent):
        read_envelope({"ce_id": "1"})
