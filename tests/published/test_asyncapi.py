"""The AsyncAPI document: the official parser finds nothing, and it says exactly what the code publishes."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gateway.adapters.contract.asyncapi import GOLDEN, asyncapi, contracts
from gateway.adapters.events.consuming import CONSUMES
from shared.contracts.event import topic_of
from shared.contracts.publish import SAMPLES
from shared.testing.node import installed, run_node

TOOLS = Path(__file__).parent / "asyncapi"
SERVICES = ("selection", "placement", "assessment", "funding")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asyncapi())
    return found


@pytest.mark.timeout(400)
def test_the_official_parser_finds_nothing(tmp_path: Path) -> None:
    """No error and no warning; a broken reference is found, so silence means something."""
    place = tmp_path / "asyncapi.json"
    place.write_bytes(asyncapi())
    tools = installed(TOOLS, "parse.cjs")

    said = json.loads(run_node(tools, "parse.cjs", str(place)))
    place.write_bytes(asyncapi().replace(b'"#/components/messages/CloudEvent"', b'"#/components/messages/Nothing"'))
    broken = json.loads(run_node(tools, "parse.cjs", str(place)))

    assert [one for one in said["found"] if one["severity"] < 2] == []
    assert len(said["channels"]) == len(SERVICES) + 2
    assert [one for one in broken["found"] if one["severity"] == 0]


def test_the_committed_file_is_what_the_code_says() -> None:
    """``python -m gateway.adapters.contract.asyncapi`` writes it anew."""
    assert GOLDEN.read_bytes() == asyncapi()


def test_every_topic_and_type_of_the_code_is_in_it_and_nothing_else(document: dict[str, Any]) -> None:
    published = {topic_of(name): set[str]() for name in SERVICES}
    for contract in contracts():
        published[topic_of(contract.service)].add(contract.type_name())

    channels = {name: set(channel["messages"]) for name, channel in document["channels"].items()}

    assert {name: channels[name] for name in published} == published
    assert set(channels) - set(published) == {"feed-stream", "webhook"}
    assert {contract.type_name() for contract in CONSUMES} == set().union(*published.values())
    assert all(import_module(f"shared.contracts.{name}") for name in SERVICES)


def test_every_recorded_sample_fits_its_message(document: dict[str, Any]) -> None:
    """The samples that contracts keep for ever are valid by the published schemas."""
    tried = set()
    for path in sorted(SAMPLES.glob("*/*.json")):
        name = f"cn.talent.{path.parent.name}.{path.name.rpartition('.v')[0]}.v{path.name.rpartition('.v')[2].split('.')[0]}"
        reference = document["components"]["messages"][name]["payload"]["$ref"]
        schema = {"$ref": reference, "components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(json.loads(path.read_text()))
        tried.add(name)

    assert tried == {contract.type_name() for contract in contracts()}
