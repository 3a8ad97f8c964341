"""The contracts of the services fit into one document: no two of them give one name to different shapes."""

from __future__ import annotations

import orjson
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.testing.contract import whole_contract


def test_the_services_publish_one_contract() -> None:
    """Merging raises when two services publish different things under one name."""
    document = orjson.loads(whole_contract())

    OpenAPIV31SpecValidator(document).validate()
    assert len(document["paths"]) > 450
