"""What kustomize makes of ``deploy/k8s``, and where in it the pods are."""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from shared.testing.opstools import ROOT, run_tool

TREE = ROOT / "deploy" / "k8s"
OVERLAYS = ("dev", "staging", "prod")
MEMBERS = ("assessment", "funding", "gateway", "placement", "selection")

Document = dict[str, Any]
Policy = Callable[[list[Document]], list[str]]
"""Every problem that it finds in the documents of one build, as a sentence."""


def components() -> list[str]:
    """Names of all components."""
    return sorted(path.parent.name for path in (TREE / "components").glob("*/kustomization.yaml"))


def components_of(overlay: str) -> list[str]:
    """Names of the components that an overlay already holds."""
    content = yaml.safe_load((TREE / "overlays" / overlay / "kustomization.yaml").read_text(encoding="utf-8"))
    return [Path(path).name for path in content.get("components", ())]


def build(overlay: str, more: Iterable[str] = ()) -> list[Document]:
    """The documents of an overlay with these components besides its own.

    Raises:
        AssertionError: kustomize refused; the message says why.
    """
    added = [name for name in more if name not in components_of(overlay)]
    if not added:
        return list(yaml.safe_load_all(run_tool("kubectl", "kustomize", str(TREE / "overlays" / overlay))))
    with tempfile.TemporaryDirectory() as folder:
        for part in ("deploy/k8s", "programmes"):
            shutil.copytree(ROOT / part, Path(folder) / part)
        path = Path(folder) / "deploy" / "k8s" / "overlays" / overlay / "kustomization.yaml"
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        content["components"] += [f"../../components/{name}" for name in added]
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return list(yaml.safe_load_all(run_tool("kubectl", "kustomize", str(path.parent))))


def of_kind(documents: Iterable[Document], *kinds: str) -> list[Document]:
    """The documents of these kinds."""
    return [document for document in documents if document["kind"] in kinds]


def name_of(document: Document) -> str:
    """``Deployment/selection-api``."""
    return f"{document['kind']}/{document['metadata']['name']}"


def pods(documents: Iterable[Document]) -> Iterator[tuple[str, Document, Document]]:
    """Name, labels and specification of the pods of every Deployment and Job."""
    for document in of_kind(documents, "Deployment", "Job", "StatefulSet", "DaemonSet", "CronJob"):
        template = document["spec"]["template"]
        yield name_of(document), template["metadata"]["labels"], template["spec"]


def containers(pod: Document) -> list[Document]:
    """All containers of a pod, those that come first included."""
    return [*pod.get("initContainers", ()), *pod["containers"]]


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a label selector chooses these labels (equality, In, NotIn, Exists)."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for term in selector.get("matchExpressions", ()):
        value, among = labels.get(term["key"]), term.get("values", ())
        held = {"In": value in among, "NotIn": value not in among, "Exists": value is not None}
        if not held[term["operator"]]:
            return False
    return True


def broken(documents: list[Document], name: str, damage: Callable[[Document], object]) -> list[Document]:
    """A copy in which the document of this name was damaged: what a policy must notice."""
    damaged = copy.deepcopy(documents)
    found = [document for document in damaged if name_of(document) == name]
    assert len(found) == 1, f"{name} is there {len(found)} times"
    damage(found[0])
    return damaged
