"""Makes the merged document one contract: the same names, headers, answers and words in every operation.

Whatever a service writes, it leaves here the same way, so a new route is complete without its author thinking of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.adapters.contract.answers import complete_answers
from gateway.adapters.contract.naming import finish_tuples, identify, rename_schemas, strip_titles, summarise
from gateway.adapters.contract.words import CONTACT, DESCRIPTION, LICENSE, SERVERS, describe_parameter

Document = dict[str, Any]


def complete(document: Document) -> Document:
    """The document, completed in place; ``document`` is a merged one that nobody else holds.

    Raises:
        ContractConflict: two operations would get one id, or two shapes of one service one name.
    """
    document["info"] |= {"description": DESCRIPTION, "contact": CONTACT, "license": LICENSE}
    document["servers"] = SERVERS
    rename_schemas(document)
    strip_titles(document)
    finish_tuples(document["components"]["schemas"])
    identify(document)
    for _, _, operation in operations(document):
        summarise(operation)
        for parameter in operation.get("parameters", []):
            describe_parameter(parameter)
    complete_answers(document)
    return document


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Path, method (lower case) and operation of each operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation
