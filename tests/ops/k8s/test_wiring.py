"""What chooses something by labels, ports or names chooses something that is there; each rule is seen to fail once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.testing.manifests import Document, Policy, broken, matches, name_of, of_kind, pods

POSTGRES, KAFKA = {"cnpg.io/cluster": "postgres"}, {"strimzi.io/cluster": "talent", "strimzi.io/kind": "Kafka"}


def chosen(documents: list[Document]) -> list[str]:
    """Deployments choose their own pods and nobody else's."""
    problems, everyone = [], list(pods(documents))
    for deployment in of_kind(documents, "Deployment"):
        selector, name = deployment["spec"]["selector"], name_of(deployment)
        taken = [other for other, labels, _ in everyone if matches(selector, labels)]
        if taken != [name]:
            problems.append(f"{name}: its selector chooses {taken}")
        template = deployment["spec"]["template"]
        problems += [
            f"{name}: it is spread among others"
            for spread in template["spec"].get("topologySpreadConstraints", ())
            if not matches(spread["labelSelector"], template["metadata"]["labels"])
        ]
    return problems


def served(documents: list[Document]) -> list[str]:
    """Services choose pods whose containers name the port; routes lead to Services and ports that are there."""
    problems, services = [], {each["metadata"]["name"]: each for each in of_kind(documents, "Service")}
    for service in services.values():
        behind = [
            pod for _, labels, pod in pods(documents) if matches({"matchLabels": service["spec"]["selector"]}, labels)
        ]
        named = [{port["name"] for c in pod["containers"] for port in c.get("ports", ())} for pod in behind]
        problems += [
            f"{name_of(service)}: nobody behind it names the port {port['targetPort']}"
            for port in service["spec"]["ports"]
            if not named or not all(port["targetPort"] in names for names in named)
        ]
    ends: list[tuple[str, str, object]] = []
    for route in of_kind(documents, "HTTPRoute"):
        ends += [(name_of(route), b["name"], b["port"]) for rule in route["spec"]["rules"] for b in rule["backendRefs"]]
    for ingress in of_kind(documents, "Ingress"):
        behinds = [path["backend"]["service"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
        ends += [(name_of(ingress), behind["name"], next(iter(behind["port"].values()))) for behind in behinds]
    for name, service_name, wanted in ends:
        ports = services.get(service_name, {"spec": {"ports": []}})["spec"]["ports"]
        if not any(wanted in {port["name"], port["port"]} for port in ports):
            problems.append(f"{name}: leads to {service_name}:{wanted}, which is not there")
    return problems


def walled(documents: list[Document]) -> list[str]:
    """Everything is denied by default, every pod has a policy of its own, and every peer in it is there."""
    policies = of_kind(documents, "NetworkPolicy")
    denied = [p for p in policies if p["spec"]["podSelector"] == {} and not {"ingress", "egress"} & set(p["spec"])]
    problems = [] if denied and denied[0]["spec"]["policyTypes"] == ["Ingress", "Egress"] else ["nothing is denied"]
    everyone = [(name, labels) for name, labels, _ in pods(documents)]
    for name, labels in everyone:
        own = [p for p in policies if p["spec"]["podSelector"] and matches(p["spec"]["podSelector"], labels)]
        if not any(set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"} for policy in own):
            problems.append(f"{name}: has no policy of its own")
    known = [labels for _, labels in everyone] + [POSTGRES, KAFKA]
    for policy in policies:
        rules = [*policy["spec"].get("ingress", ()), *policy["spec"].get("egress", ())]
        peers = [peer for rule in rules for peer in [*rule.get("from", ()), *rule.get("to", ())]]
        for peer in [policy["spec"], *peers]:
            selector = peer.get("podSelector")
            if selector and "namespaceSelector" not in peer and not any(matches(selector, labels) for labels in known):
                problems.append(f"{name_of(policy)}: names {selector}, who is not there")
    return problems


def kept_up(documents: list[Document]) -> list[str]:
    """Every Deployment has exactly one disruption budget, which lets a node be drained."""
    problems, budgets = [], of_kind(documents, "PodDisruptionBudget")
    for deployment in of_kind(documents, "Deployment"):
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        own = [budget for budget in budgets if matches(budget["spec"]["selector"], labels)]
        if len(own) != 1 or own[0]["spec"].get("maxUnavailable") != 1:
            problems.append(f"{name_of(deployment)}: {len(own)} budgets")
    return problems


SINGLE = frozenset({"otel-collector"})
"""What decides about something that it must see the whole of."""


def doubled(documents: list[Document]) -> list[str]:
    """Two pods at least, by number or by autoscaler, never two on one node where that can be helped; one of what is one."""
    problems = []
    least = {
        each["spec"]["scaleTargetRef"]["name"]: each["spec"]["minReplicas"]
        for each in of_kind(documents, "HorizontalPodAutoscaler")
    }
    least |= {
        each["spec"]["scaleTargetRef"]["name"]: each["spec"]["minReplicaCount"]
        for each in of_kind(documents, "ScaledObject")
    }
    for deployment in of_kind(documents, "Deployment"):
        spec, name = deployment["spec"], deployment["metadata"]["name"]
        if name in least and "replicas" in spec:
            problems.append(f"{name_of(deployment)}: counted by two")
        if name in SINGLE:
            if spec.get("replicas") != 1 or spec.get("strategy") != {"type": "Recreate"}:
                problems.append(f"{name_of(deployment)}: there must never be two")
        elif spec.get("replicas", least.get(name, 1)) < 2:
            problems.append(f"{name_of(deployment)}: fewer than two")
        keys = {spread["topologyKey"] for spread in spec["template"]["spec"].get("topologySpreadConstraints", ())}
        if "kubernetes.io/hostname" not in keys:
            problems.append(f"{name_of(deployment)}: not spread over nodes")
    return problems


def _rule(document: Document) -> Document:
    rules: list[Document] = document["spec"]["egress"]
    return rules[0]


RULES = (chosen, served, walled, kept_up)
DAMAGES: list[tuple[Policy, str, Callable[[Document], object]]] = [
    (chosen, "Deployment/funding-api", lambda d: d["spec"]["selector"]["matchLabels"].pop("app.kubernetes.io/component")),
    (chosen, "Deployment/funding-api",
     lambda d: d["spec"]["template"]["metadata"]["labels"].update({"app.kubernetes.io/name": "placement"})),
    (served, "Service/selection", lambda d: d["spec"]["ports"][0].update(targetPort="web")),
    (served, "Service/selection", lambda d: d["spec"]["selector"].update({"app.kubernetes.io/name": "selektion"})),
    (served, "HTTPRoute/talent", lambda d: d["spec"]["rules"][0]["backendRefs"][0].update(port=80)),
    (served, "Ingress/talent",
     lambda d: d["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"].update(name="door")),
    (walled, "NetworkPolicy/gateway-worker", lambda d: _rule(d)["to"][0].update(podSelector={"matchLabels": {"a": "b"}})),
    (kept_up, "Deployment/gateway-api",
     lambda d: d["spec"]["template"]["metadata"]["labels"].update({"app.kubernetes.io/component": "door"})),
    (doubled, "Deployment/otel-collector", lambda d: d["spec"].update(replicas=2)),
    (doubled, "Deployment/gateway-api", lambda d: d["metadata"].update(name="gateway-api-unscaled")),
    (doubled, "Deployment/otel-collector", lambda d: d["spec"]["template"]["spec"].pop("topologySpreadConstraints")),
    (doubled, "Deployment/selection-worker", lambda d: d["spec"].update(replicas=2)),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_manifests_keep_the_rule(rule: Policy, documents: list[Document]) -> None:
    """In every overlay, with every component."""
    assert rule(documents) == []


@pytest.mark.parametrize("name", ["staging", "prod"])
def test_nothing_that_counts_runs_alone(name: str, everything: dict[str, list[Document]]) -> None:
    """A developer's cluster may have one of each; these may not."""
    assert doubled(everything[name]) == []


@pytest.mark.parametrize(
    ("rule", "name", "damage"), DAMAGES, ids=[f"{d[0].__name__}-{i}" for i, d in enumerate(DAMAGES)]
)
def test_the_rule_notices(rule: Policy, name: str, damage: Callable[[Document], object], prod: list[Document]) -> None:
    """Negative control: one manifest is damaged, the rule names it."""
    problems = rule(broken(prod, name, damage))
    assert any(name in problem for problem in problems), problems


def test_a_pod_without_a_wall_is_noticed(prod: list[Document]) -> None:
    """Negative control: a policy is taken away, and the default, too."""
    left = [each for each in prod if name_of(each) != "NetworkPolicy/selection-api"]
    assert walled(left) == ["Deployment/selection-api: has no policy of its own"]
    assert "nothing is denied" in walled([each for each in prod if name_of(each) != "NetworkPolicy/default-deny"])
