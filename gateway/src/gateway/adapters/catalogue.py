"""Reads the data-sharing catalogue that lies beside the code, once and only when somebody asks."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from gateway.domain.sharing.catalogue import Dataset, dataset_of


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Dataset]:
    """Every dataset by its code. Raises ``ValueError`` for a dataset that does not say what its class needs."""
    import yaml

    text = files("gateway").joinpath("catalogue", "datasets.yaml").read_text("utf-8")
    return {said["code"]: dataset_of(said) for said in yaml.safe_load(text)}
