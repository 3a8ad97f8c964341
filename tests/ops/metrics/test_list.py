"""The list of metrics and the programs name the same ones: name, type, labels."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Final

from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from shared.testing.metrics import MEMBERS, listed, shown

ROOT: Final = Path(__file__).parents[3]


def _declared() -> dict[str, tuple[str, ...]]:
    """Name as registered → labels, of what the programs declare themselves."""
    for member in MEMBERS:
        import_module(f"{member}.api")
        import_module(f"{member}.worker")
    collectors: dict[Any, list[str]] = REGISTRY._collector_to_names
    return {each._name: tuple(each._labelnames) for each in collectors if isinstance(each, MetricWrapperBase)}


def test_the_list_is_what_the_programs_register() -> None:
    """Nothing is shown that is not explained, nothing is explained that is not shown."""
    declared = _declared()
    registered = {name: each.type for name, each in shown(REGISTRY.collect()).items()}

    assert {name: each.type for name, each in listed(ROOT).items()} == registered
    assert len(declared) > 25


def test_labels_are_those_that_the_programs_declare() -> None:
    rows = listed(ROOT)
    for name, labels in _declared().items():
        row = rows.get(name) or rows[f"{name}_total"]
        assert row.labels == set(labels), name


def test_units_follow_from_names() -> None:
    """Seconds, bytes and counts are named as Prometheus names them."""
    for name, row in listed(ROOT).items():
        bare = name.removesuffix("_total")
        assert (row.type == "counter") == name.endswith("_total"), name
        assert (row.unit in {"seconds", "Unix time"}) == bare.endswith("_seconds"), name
        assert (row.unit == "bytes") == bare.endswith("_bytes"), name
        assert (row.unit == "Unix time") == ("timestamp" in name or "start_time" in name), name
