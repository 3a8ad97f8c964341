"""Topics, access lists and autoscalers say what the code does; each rule is seen to fail once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from prometheus_client import REGISTRY, generate_latest

from shared.contracts.event import topic_of
from shared.eventlog.port import PARTITIONS
from shared.messaging.worker import published_by
from shared.testing.manifests import MEMBERS, Document, Policy, broken, name_of, of_kind
from shared.testing.opstools import ROOT

SETTINGS = {
    "retention.ms": -1,
    "cleanup.policy": "delete",
    "min.insync.replicas": 2,
    "unclean.leader.election.enable": False,
}

OF_OTHERS = ("up", "ALERTS", "cnpg_", "kube_", "container_")
"""Series that Prometheus makes, or PostgreSQL's operator and the cluster export."""


def channels() -> set[str]:
    """The topics that the published AsyncAPI document names."""
    document = json.loads((ROOT / "docs" / "api" / "asyncapi.json").read_text(encoding="utf-8"))
    found = {each["address"] for each in document["channels"].values() if each.get("bindings", {}).get("kafka")}
    assert found
    return found


def consumed_by(member: str) -> set[str]:
    """The topics whose events a member's code handles."""
    contracts = import_module(f"{member}.adapters.events.consuming").CONSUMES
    return {topic_of(contract.service) for contract in contracts}


def topics(documents: list[Document]) -> list[str]:
    """One topic per channel, 12 partitions for life, three copies of which two must have a record, kept for ever."""
    there = {each["metadata"]["name"]: each["spec"] for each in of_kind(documents, "KafkaTopic")}
    problems = [f"KafkaTopic/{name}: is no channel, or is missing" for name in sorted(set(there) ^ channels())]
    for name, spec in there.items():
        if spec["partitions"] != PARTITIONS or spec["replicas"] != 3 or not SETTINGS.items() <= spec["config"].items():
            problems.append(f"KafkaTopic/{name}: is not kept as it must be")
    return problems


def access(documents: list[Document]) -> list[str]:
    """Who may write and read is who publishes and consumes in the code; a topic has one writer, agencies only read."""
    problems: list[str] = []
    users = {
        each["metadata"]["name"]: each["spec"]["authorization"]["acls"] for each in of_kind(documents, "KafkaUser")
    }

    def may(user: str, operation: str, kind: str = "topic") -> set[str]:
        rows = [row for row in users.get(user, ()) if row["resource"]["type"] == kind]
        return {row["resource"]["name"] for row in rows if {operation, "All"} & set(row["operations"])}

    for member in MEMBERS:
        user = f"kafka-{member}"
        problems += [f"KafkaUser/{user}: may write {t}" for t in may(user, "Write") ^ published_by(member)]
        problems += [f"KafkaUser/{user}: may read {t}" for t in may(user, "Read") ^ consumed_by(member)]
        if member not in may(user, "Read", "group"):
            problems.append(f"KafkaUser/{user}: may not join its group")
    for user in set(users) - {f"kafka-{member}" for member in MEMBERS}:
        beyond = {operation for row in users[user] for operation in row["operations"]} - {"Read", "Describe"}
        groups = may(user, "Read", "group")
        if beyond or not all(group.startswith(user) for group in groups) or not may(user, "Read") <= channels():
            problems.append(f"KafkaUser/{user}: is more than a reader")
    for user, rows in users.items():
        loose = [row for row in rows if "*" in row["resource"].get("name", "*") or row["resource"]["type"] == "cluster"]
        wide = [
            row for row in rows if row["resource"]["type"] == "topic" and row["resource"]["patternType"] != "literal"
        ]
        problems += [f"KafkaUser/{user}: a rule without bounds" for _ in loose + wide]
    return problems


def scaled(documents: list[Document]) -> list[str]:
    """Workers are two at least, for they relay, and never more than there are partitions; APIs never fewer than two."""
    problems = []
    for each in of_kind(documents, "ScaledObject"):
        spec = each["spec"]
        worker = spec["scaleTargetRef"]["name"].endswith("-worker")
        if (
            not (worker and 2 <= spec["minReplicaCount"] <= spec["maxReplicaCount"] <= PARTITIONS)
            or "idleReplicaCount" in spec
        ):
            problems.append(f"{name_of(each)}: between {spec['minReplicaCount']} and {spec['maxReplicaCount']}")
    problems += [
        f"{name_of(each)}: not between 2 and 12"
        for each in of_kind(documents, "HorizontalPodAutoscaler")
        if not 2 <= each["spec"]["minReplicas"] <= each["spec"]["maxReplicas"] <= 12
    ]
    names = {each["metadata"]["name"] for each in of_kind(documents, "Deployment")}
    problems += [
        f"{name_of(each)}: scales nobody"
        for each in of_kind(documents, "ScaledObject", "HorizontalPodAutoscaler")
        if each["spec"]["scaleTargetRef"]["name"] not in names
    ]
    return problems


def exported() -> set[str]:
    """Names of every series that the members' ``/metrics`` can show, with their labels as ``name{label}``."""
    for member in MEMBERS:
        import_module(f"{member}.worker")
    names = {line.split()[2] for line in generate_latest(REGISTRY).decode().splitlines() if line.startswith("# TYPE")}
    return {name + suffix for name in names for suffix in ("", "_bucket", "_count", "_sum", "_total")}


def series_of(query: str) -> set[str]:
    """The series that a PromQL expression reads: what is neither function, label, duration nor word of the language."""
    text = re.sub(r"#[^\n]*", "", re.sub(r'"[^"]*"|\'[^\']*\'', "", query))
    text = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", text)
    text = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", text)
    words = re.findall(r"(?<![\w:.])([a-zA-Z_:][\w:]*)\b(?!\s*\()", text)
    return set(words) - {
        "and",
        "or",
        "unless",
        "bool",
        "offset",
        "group_left",
        "group_right",
        "by",
        "without",
        "inf",
        "nan",
    }


def measured(documents: list[Document]) -> list[str]:
    """Metrics that autoscalers and rules ask for are among those that the programs export (or that Prometheus makes)."""
    there, problems = exported(), []
    recorded = {
        rule["record"]
        for each in of_kind(documents, "PrometheusRule")
        for group in each["spec"]["groups"]
        for rule in group["rules"]
        if "record" in rule
    }
    asked: list[tuple[str, str]] = []
    for each in of_kind(documents, "ScaledObject"):
        asked += [
            (name_of(each), t["metadata"]["query"]) for t in each["spec"]["triggers"] if t["type"] == "prometheus"
        ]
    for each in of_kind(documents, "PrometheusRule"):
        asked += [(name_of(each), rule["expr"]) for group in each["spec"]["groups"] for rule in group["rules"]]
    for name, query in asked:
        wanted = series_of(query) - there - recorded
        problems += [f"{name}: nobody exports {one}" for one in sorted(wanted) if not one.startswith(OF_OTHERS)]
    return problems


RULES = (topics, access, scaled, measured)


def _acls(document: Document) -> Any:
    return document["spec"]["authorization"]["acls"]


DAMAGES: list[tuple[Policy, str, Callable[[Document], object]]] = [
    (topics, "KafkaTopic/funding.events.v1", lambda d: d["spec"].update(partitions=24)),
    (topics, "KafkaTopic/funding.events.v1", lambda d: d["metadata"].update(name="funding.events.v2")),
    (topics, "KafkaTopic/funding.events.v1", lambda d: d["spec"]["config"].update({"cleanup.policy": "compact"})),
    (access, "KafkaUser/kafka-funding", lambda d: _acls(d)[0]["resource"].update(name="selection.events.v1")),
    (access, "KafkaUser/kafka-gateway", lambda d: _acls(d).pop(0)),
    (access, "KafkaUser/kafka-funding", lambda d: _acls(d)[0]["resource"].update(name="*")),
    (access, "KafkaUser/agency-hr", lambda d: _acls(d)[0]["operations"].append("Write")),
    (scaled, "ScaledObject/funding-worker", lambda d: d["spec"].update(minReplicaCount=0)),
    (scaled, "ScaledObject/funding-worker", lambda d: d["spec"].update(maxReplicaCount=13)),
    (scaled, "HorizontalPodAutoscaler/funding-api", lambda d: d["spec"]["scaleTargetRef"].update(name="funding")),
    (measured, "ScaledObject/funding-worker",
     lambda d: d["spec"]["triggers"][0]["metadata"].update(query='sum(consumer_lag{consumer="funding"})')),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_manifests_say_what_the_code_does(rule: Policy, documents: list[Document]) -> None:
    """In every overlay, with every component."""
    assert rule(documents) == []


@pytest.mark.parametrize(
    ("rule", "name", "damage"), DAMAGES, ids=[f"{d[0].__name__}-{i}" for i, d in enumerate(DAMAGES)]
)
def test_the_rule_notices(rule: Policy, name: str, damage: Callable[[Document], object], prod: list[Document]) -> None:
    """Negative control: one manifest is damaged, the rule names it."""
    problems = rule(broken(prod, name, damage))
    assert any(name in problem for problem in problems), problems
