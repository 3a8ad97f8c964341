"""Which images run, and how what runs once is bounded; each rule is seen to fail once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from shared.testing.manifests import MEMBERS, OVERLAYS, Document, broken, containers, name_of, of_kind, pods

DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
TAG = re.compile(r":(?!latest$)[\w][\w.-]*$")


def named(documents: list[Document]) -> list[str]:
    """Every image has a tag or a digest, and never ``latest``; a member's pod runs its member's image and command."""
    problems = []
    for name, labels, pod in pods(documents):
        member = labels["app.kubernetes.io/name"]
        for container in containers(pod):
            image = container["image"]
            if not (DIGEST.search(image) or TAG.search(image)):
                problems.append(f"{name}: {image} has no tag")
            if member in MEMBERS:
                if not re.search(rf"talent[/-]{member}[:@]", image):
                    problems.append(f"{name}: runs {image}")
                if container["command"][2].split(".") not in [[member, part] for part in ("api", "worker", "migrate")]:
                    problems.append(f"{name}: runs {container['command']}")
    return problems


def pinned(documents: list[Document]) -> list[str]:
    """Members run by digest."""
    return [
        f"{name}: {container['image']} is no digest"
        for name, labels, pod in pods(documents)
        if labels["app.kubernetes.io/name"] in MEMBERS
        for container in containers(pod)
        if not DIGEST.search(container["image"])
    ]


def bounded(documents: list[Document]) -> list[str]:
    """Jobs end: so many attempts, so long, and then they go away; one migrates each member, named after its release."""
    problems, version = [], of_kind(documents, "Namespace")[0]["metadata"]["labels"]["app.kubernetes.io/version"]
    for job in of_kind(documents, "Job"):
        spec = job["spec"]
        bounds = ("backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished")
        problems += [f"{name_of(job)}: has no {key}" for key in bounds if not isinstance(spec.get(key), int)]
        if spec["template"]["spec"].get("restartPolicy") != "Never":
            problems.append(f"{name_of(job)}: starts again by itself")
    there = {each["metadata"]["name"] for each in of_kind(documents, "Job")}
    ours = version.replace(".", "-")  # a dot in it would be one in the pods' host names, of which an API server warns
    problems += [f"Job/{m}: there is no migration for {version}" for m in MEMBERS if f"{m}-migrate-{ours}" not in there]
    problems += [
        f"{name_of(job)}: is no DNS label" for job in of_kind(documents, "Job") if "." in job["metadata"]["name"]
    ]
    shown = {each["metadata"]["labels"]["app.kubernetes.io/version"] for each in documents}
    if shown != {version}:
        problems.append(f"versions {shown}")
    return problems


RULES = (named, bounded)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_release_keeps_the_rule(rule: Callable[[list[Document]], list[str]], documents: list[Document]) -> None:
    """In every overlay, with every component."""
    assert rule(documents) == []


def test_production_runs_by_digest_and_the_others_by_the_release(everything: dict[str, list[Document]]) -> None:
    """A tag can be moved, a digest cannot; elsewhere the tag is the version that the labels show."""
    assert pinned(everything["prod"]) == []
    for overlay in set(OVERLAYS) - {"prod"}:
        version = of_kind(everything[overlay], "Namespace")[0]["metadata"]["labels"]["app.kubernetes.io/version"]
        for _, labels, pod in pods(everything[overlay]):
            if labels["app.kubernetes.io/name"] in MEMBERS:
                assert {container["image"].rpartition(":")[2] for container in containers(pod)} == {version}


def test_a_developers_images_are_never_pulled(everything: dict[str, list[Document]]) -> None:
    """They are loaded into the node and are in no registry: Jobs that pull them would never migrate, and nothing would start."""
    for name, labels, pod in pods(everything["dev"]):
        if labels["app.kubernetes.io/name"] in MEMBERS:
            assert {container["imagePullPolicy"] for container in containers(pod)} == {"IfNotPresent"}, name


@pytest.mark.parametrize(
    ("rule", "name", "damage"),
    [
        (named, "Deployment/funding-api", lambda c: c.update(image="registry.example.org/talent/funding:latest")),
        (named, "Deployment/funding-api", lambda c: c.update(image="registry.example.org:5000/talent/funding")),
        (named, "Deployment/funding-api", lambda c: c.update(image="registry.example.org/talent/placement:0.1.0")),
        (named, "Deployment/funding-api", lambda c: c.update(command=["python", "-m", "placement.api"])),
        (pinned, "Deployment/funding-api", lambda c: c.update(image="registry.example.org/talent/funding:0.1.0")),
    ],
)
def test_the_rule_notices_an_image(
    rule: Callable[[list[Document]], list[str]], name: str, damage: Callable[[Document], object], prod: list[Document]
) -> None:
    """Negative control: one container is changed."""
    changed = broken(prod, name, lambda document: damage(document["spec"]["template"]["spec"]["containers"][0]))
    assert any(name in problem for problem in rule(changed))


def test_the_rule_notices_a_job(prod: list[Document]) -> None:
    """Negative control: no end, a restart, another version."""
    name = "Job/funding-migrate-0-1-0"
    for key in ("backoffLimit", "ttlSecondsAfterFinished", "activeDeadlineSeconds"):
        assert f"{name}: has no {key}" in bounded(broken(prod, name, lambda d, key=key: d["spec"].pop(key)))  # type: ignore[misc]
    again = broken(prod, name, lambda d: d["spec"]["template"]["spec"].update(restartPolicy="OnFailure"))
    assert f"{name}: starts again by itself" in bounded(again)
    renamed = broken(prod, name, lambda d: d["metadata"].update(name="funding-migrate.0.1.0"))
    assert "Job/funding: there is no migration for 0.1.0" in bounded(renamed)
    assert "Job/funding-migrate.0.1.0: is no DNS label" in bounded(renamed)
