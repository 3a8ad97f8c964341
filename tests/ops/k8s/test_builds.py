"""Every component goes with every overlay, and says in a README what it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from shared.testing.manifests import OVERLAYS, TREE, Document, build, components, components_of, name_of, of_kind

WANTED = {
    "cloudnative-pg", "demo-data", "external-secrets", "gateway-api", "hpa", "ingress", "keda", "migrate-job",
    "monitoring", "network-policies", "otel", "strimzi",
}  # fmt: skip


def test_every_component_builds_with_every_overlay_alone() -> None:
    """By itself beside what the overlay holds; together they are built by the fixture that all others use."""
    assert set(components()) == WANTED
    pairs = [(o, c) for o in OVERLAYS for c in components() if c not in components_of(o)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        built = list(pool.map(lambda pair: build(pair[0], [pair[1]]), pairs))
    assert all(built)


def test_every_component_says_what_it_needs() -> None:
    """A few sentences that a person can read before applying it."""
    for name in components():
        text = (TREE / "components" / name / "README.md").read_text(encoding="utf-8")
        assert 150 < len(text) < 2000, name
        assert "eeds" in text, f"{name} does not say what it needs"


def test_no_namespace_surprises(documents: list[Document], overlay: str) -> None:
    """Everything is in the overlay's one namespace, nothing is prefixed, nothing is there twice."""
    names = [space["metadata"]["name"] for space in of_kind(documents, "Namespace")]
    assert len(names) == 1, overlay
    assert {each["metadata"].get("namespace") for each in documents if each["kind"] != "Namespace"} == set(names)
    everyone = [name_of(each) for each in documents]
    assert len(everyone) == len(set(everyone))
    assert "Deployment/selection-api" in everyone


def test_the_recommended_labels(documents: list[Document]) -> None:
    """Whoever looks at the cluster sees what belongs together, and which release it is."""
    for document in documents:
        labels = document["metadata"].get("labels", {})
        wanted = {"part-of", "instance", "version"} | (
            {"name", "component"}
            if document["kind"] in {"Deployment", "Job", "Service", "PodDisruptionBudget"}
            else set()
        )
        missing = {f"app.kubernetes.io/{label}" for label in wanted} - set(labels)
        assert not missing, f"{name_of(document)}: {missing}"
