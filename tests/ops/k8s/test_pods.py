"""Every pod keeps to the restricted profile, says what it needs and ends in order; each rule is seen to fail once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shared.http.health import health_routes
from shared.testing.manifests import Document, Policy, broken, containers, name_of, of_kind, pods

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def confined(documents: list[Document]) -> list[str]:
    """Restricted: nobody is root, nothing is gained, nothing is written but /tmp, no token of the cluster is there."""
    problems = []
    for name, _, pod in pods(documents):
        security = pod.get("securityContext", {})
        wrong = [
            ("runAsNonRoot", security.get("runAsNonRoot") is not True),
            ("UID below 10000", security.get("runAsUser", 0) < 10000),
            ("GID below 10000", security.get("runAsGroup", 0) < 10000),
            ("seccomp", security.get("seccompProfile", {}).get("type") != "RuntimeDefault"),
            ("token", pod.get("automountServiceAccountToken") is not False),
            ("account", pod.get("serviceAccountName", "default") == "default"),
            ("host", any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC"))),
            ("host path", any("hostPath" in volume for volume in pod.get("volumes", ()))),
        ]
        for container in containers(pod):
            own = container.get("securityContext", {})
            wrong += [
                ("escalation", own.get("allowPrivilegeEscalation") is not False),
                ("root can be written", own.get("readOnlyRootFilesystem") is not True),
                ("capabilities", own.get("capabilities", {}).get("drop") != ["ALL"]),
                ("/tmp", "/tmp" not in {mount["mountPath"] for mount in container.get("volumeMounts", ())}),  # noqa: S108
            ]
        problems += [f"{name}: {what}" for what, bad in wrong if bad]
    return problems


def sized(documents: list[Document]) -> list[str]:
    """CPU and memory are asked for and bounded, and no more is asked for than is allowed."""
    return [
        f"{name}: {container['name']} has no {kind} of {resource}"
        for name, _, pod in pods(documents)
        for container in containers(pod)
        for kind in ("requests", "limits")
        for resource in ("cpu", "memory")
        if resource not in container.get("resources", {}).get(kind, {})
    ]


def probed(documents: list[Document]) -> list[str]:
    """Three probes, on a path that the code serves, at a port that the container names; start-up has two minutes, and
    only a minute of silence ends a pod: on a node without processor to spare a second's patience ended those that worked.
    """
    served = {getattr(route, "path", "") for route in health_routes(None).routes}  # type: ignore[arg-type]
    problems = []
    for deployment in of_kind(documents, "Deployment"):
        name, spec = name_of(deployment), deployment["spec"]["template"]["spec"]
        for container in spec["containers"]:
            ports = {port["name"] for port in container["ports"]}
            ours = "talent/" in f"/{container['image']}" or "talent-" in container["image"]
            for kind in PROBES:
                asked = container.get(kind, {}).get("httpGet", {})
                if asked.get("port") not in ports:
                    problems.append(f"{name}: {kind} asks at no port of its own")
                if ours:
                    wanted = f"/health/{ {'startupProbe': 'startup', 'livenessProbe': 'live', 'readinessProbe': 'ready'}[kind] }"
                    if asked.get("path") != wanted or wanted not in served:
                        problems.append(f"{name}: {kind} asks for {asked.get('path')}")
            first = container.get("startupProbe", {})
            if ours and (first.get("failureThreshold"), first.get("periodSeconds")) != (60, 2):
                problems.append(f"{name}: start-up is not given 60 x 2 s")
            living = container.get("livenessProbe", {})
            if ours and (living.get("failureThreshold"), living.get("timeoutSeconds")) != (6, 5):
                problems.append(f"{name}: is ended before a minute of silence")
    return problems


def drained(documents: list[Document]) -> list[str]:
    """Pods of the platform are given 45 s: off, 5 s (an API), 20 s of finishing, closing; none waits for a schema by itself."""
    problems = []
    for name, labels, pod in pods(documents):
        part = labels["app.kubernetes.io/component"]
        if part not in {"api", "worker"}:
            continue
        pause = pod["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        if pod.get("terminationGracePeriodSeconds") != 45 or not (5 if part == "api" else 1) <= pause <= 15:
            problems.append(f"{name}: does not drain")
        first = [container["command"] for container in pod.get("initContainers", ())]
        if not any(command[2].endswith(".migrate") and "--wait" in command for command in first):
            problems.append(f"{name}: does not wait for its schema")
        if any("migrate" in part for container in pod["containers"] for part in container["command"]):
            problems.append(f"{name}: migrates")
    return problems


RULES = (confined, sized, probed, drained)


def _pod(document: Document) -> Any:
    return document["spec"]["template"]["spec"]


DAMAGES: list[tuple[Policy, str, Callable[[Document], object]]] = [
    (confined, "Deployment/selection-api", lambda d: _pod(d)["securityContext"].pop("runAsNonRoot")),
    (confined, "Deployment/selection-api", lambda d: _pod(d)["securityContext"].update(runAsUser=1000)),
    (confined, "Deployment/gateway-worker", lambda d: _pod(d)["securityContext"].pop("seccompProfile")),
    (confined, "Deployment/funding-api", lambda d: _pod(d).pop("automountServiceAccountToken")),
    (confined, "Deployment/funding-api", lambda d: _pod(d)["containers"][0]["securityContext"].clear()),
    (confined, "Deployment/funding-api", lambda d: _pod(d)["initContainers"][0]["volumeMounts"].clear()),
    (sized, "Deployment/placement-worker", lambda d: _pod(d)["containers"][0]["resources"]["limits"].pop("memory")),
    (sized, "Job/placement-migrate-0-1-0", lambda d: _pod(d)["containers"][0].pop("resources")),
    (probed, "Deployment/gateway-api", lambda d: _pod(d)["containers"][0].pop("startupProbe")),
    (probed, "Deployment/gateway-api",
     lambda d: _pod(d)["containers"][0]["readinessProbe"]["httpGet"].update(path="/healthz")),
    (probed, "Deployment/gateway-api", lambda d: _pod(d)["containers"][0]["livenessProbe"]["httpGet"].update(port="web")),
    (drained, "Deployment/gateway-api", lambda d: _pod(d)["containers"][0].pop("lifecycle")),
    (drained, "Deployment/gateway-api", lambda d: _pod(d).pop("terminationGracePeriodSeconds")),
    (drained, "Deployment/gateway-worker", lambda d: _pod(d).pop("initContainers")),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_pods_keep_the_rule(rule: Policy, documents: list[Document]) -> None:
    """In every overlay, with every component."""
    assert rule(documents) == []


@pytest.mark.parametrize(
    ("rule", "name", "damage"), DAMAGES, ids=[f"{d[0].__name__}-{i}" for i, d in enumerate(DAMAGES)]
)
def test_the_rule_notices(rule: Policy, name: str, damage: Callable[[Document], object], prod: list[Document]) -> None:
    """Negative control: one manifest is damaged, the rule names it."""
    assert any(name in problem for problem in rule(broken(prod, name, damage)))
