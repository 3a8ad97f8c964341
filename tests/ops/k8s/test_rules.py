"""The alerts and the collector of Kubernetes are those of the one source."""

from __future__ import annotations

import re

import yaml

from shared.testing.manifests import Document, of_kind
from shared.testing.opstools import ROOT
from talent_local.operating import collecting
from talent_local.operating.rules import SOURCE, TARGET, resources


def test_the_alerts_are_those_of_the_one_source(prod: list[Document]) -> None:
    """Edited there, written here: `python -m talent_local.operating.rules`."""
    assert {path.name: path.read_text(encoding="utf-8") for path in (ROOT / TARGET).iterdir()} == resources(ROOT)
    assert len(of_kind(prod, "PrometheusRule")) == len(list((ROOT / SOURCE).glob("*.yaml")))


def test_the_collector_is_that_of_the_one_source(prod: list[Document]) -> None:
    """Edited there, written here: `python -m talent_local.operating.collecting`; it names no variable that nobody sets."""
    text = (ROOT / collecting.TARGET).read_text(encoding="utf-8")
    (deployment,) = [each for each in of_kind(prod, "Deployment") if each["metadata"]["name"] == "otel-collector"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["collector"]
    asked = set(re.findall(r"\$\{env:(\w+)", text))

    assert text == collecting.copied(ROOT)
    assert asked <= {each["name"] for each in container["env"]}
    assert asked == set(compose["environment"])
    assert container["image"].split(":")[-1] in compose["image"]
