"""The alerts of Kubernetes are those of the one source."""

from __future__ import annotations

from shared.testing.manifests import Document, of_kind
from shared.testing.opstools import ROOT
from talent_local.operating.rules import SOURCE, TARGET, resources


def test_the_alerts_are_those_of_the_one_source(prod: list[Document]) -> None:
    """Edited there, written here: `python -m talent_local.operating.rules`."""
    assert {path.name: path.read_text(encoding="utf-8") for path in (ROOT / TARGET).iterdir()} == resources(ROOT)
    assert len(of_kind(prod, "PrometheusRule")) == len(list((ROOT / SOURCE).glob("*.yaml")))
