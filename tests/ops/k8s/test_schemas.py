"""Every document is what its kind's schema says, for every Kubernetes from 1.30 on; a kind that nobody knows fails."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from shared.testing.manifests import Document, broken, name_of
from shared.testing.opstools import tool

SCHEMAS = Path(__file__).parent / "schemas"
VERSIONS = [f"1.{minor}" for minor in range(30, 38)]
CORE = {"v1", "apps/v1", "batch/v1", "policy/v1", "autoscaling/v2", "networking.k8s.io/v1"}
JUDGE = """
import functools, json, sys
from jsonschema.validators import Draft202012Validator
from kubernetes_validate import utils
from referencing import Registry, Resource

@functools.cache
def definitions(version):
    content = utils.schema_contents(f"kubernetes-json-schema/v{version}-local-strict/_definitions.json", version)
    return Resource.from_contents(content) @ Registry()

@functools.cache
def validator(kind, api, version):
    group, _, rest = api.rpartition("/")
    short = f"{group.partition('.')[0]}-{rest}" if group else rest
    name = f"kubernetes-json-schema/v{version}-local-strict/{kind.lower()}-{short}.json"
    return Draft202012Validator(utils.schema_contents(name, version), registry=definitions(version))

given = json.load(sys.stdin)
known = {utils.major_minor(version): version for version in utils.all_versions()}
for minor in given["versions"]:
    for document in given["documents"]:
        judge = validator(document["kind"], document["apiVersion"], known[minor])
        for error in judge.iter_errors(document):
            print(f"{document['kind']}/{document['metadata']['name']} ({minor}): {error.json_path} {error.message[:200]}")
"""
"""kubernetes-validate --strict with its schemas read once per version instead of once per document: 40 times as fast."""


def core_problems(documents: list[Document], versions: list[str]) -> list[str]:
    """What kubernetes-validate says of documents of core kinds, strictly: an unknown member is a mistake."""
    given = json.dumps({"documents": documents, "versions": versions})
    command = [str(tool("python")), "-W", "ignore", "-c", JUDGE]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def other_problems(documents: list[Document]) -> list[str]:
    """What the schemas of this folder say of documents of other kinds."""
    problems = []
    for document in documents:
        path = SCHEMAS / document["apiVersion"].partition("/")[0] / f"{document['kind']}.json"
        if not path.exists():
            problems.append(f"{name_of(document)}: nobody knows {document['apiVersion']} {document['kind']}")
            continue
        judge = Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
        problems += [f"{name_of(document)}: {e.json_path} {e.message[:200]}" for e in judge.iter_errors(document)]
    return problems


def _distinct(everything: dict[str, list[Document]]) -> list[Document]:
    seen = {json.dumps(each, sort_keys=True): each for documents in everything.values() for each in documents}
    return list(seen.values())


def test_core_kinds_are_valid_from_1_30_to_1_37(everything: dict[str, list[Document]]) -> None:
    """Every distinct document of every overlay with every component, in one process."""
    core = [each for each in _distinct(everything) if each["apiVersion"] in CORE]
    assert len(core) > 150
    assert core_problems(core, VERSIONS) == []


def test_what_operators_add_is_valid(everything: dict[str, list[Document]]) -> None:
    """Whatever is not a core kind has a closed schema here."""
    others = [each for each in _distinct(everything) if each["apiVersion"] not in CORE]
    assert len(others) > 40
    assert other_problems(others) == []


def test_a_misspelt_member_is_noticed(prod: list[Document]) -> None:
    """Negative controls, one per judge, and a kind that nobody knows."""
    core = [
        each
        for each in broken(prod, "Service/funding", lambda d: d["spec"].update(port=1))
        if each["kind"] == "Service"
    ]
    assert any("Service/funding" in problem for problem in core_problems(core, VERSIONS[:1]))
    cluster = broken(prod, "Cluster/postgres", lambda d: d["spec"]["postgresql"]["synchronous"].update(durability="x"))
    topic = broken(prod, "KafkaTopic/funding.events.v1", lambda d: d["spec"].update(partition=12))
    for name, documents in (("Cluster/postgres", cluster), ("KafkaTopic/funding.events.v1", topic)):
        assert any(name in problem for problem in other_problems([e for e in documents if e["apiVersion"] not in CORE]))
    stranger: Document = {"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "a"}}
    assert other_problems([stranger]) == ["Thing/a: nobody knows example.org/v1 Thing"]


@pytest.mark.parametrize("path", sorted(SCHEMAS.rglob("*.json")), ids=lambda path: path.stem)
def test_the_schemas_are_schemas_and_closed(path: Path) -> None:
    """Every object with members refuses those that it does not list."""
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    pending, open_ = [schema], []
    while pending:
        part = pending.pop()
        if "properties" in part and part.get("additionalProperties") is not False:
            open_.append(sorted(part["properties"]))
        children = [part.get("items"), part.get("additionalProperties"), *part.get("properties", {}).values()]
        pending += [each for each in [*children, *part.get("$defs", {}).values()] if isinstance(each, dict)]
    assert open_ == []
