"""The whole contract without a running platform: every service's application is made, none is started.

``python -m gateway.testing.contract`` writes the golden file ``docs/api/openapi.json``; so does ``make contract``. With
``--release`` it also writes ``released.json``, against which later changes are judged; that is part of a release.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from gateway.adapters.contract.published import Contract
from gateway.api import create_app
from gateway.settings import GatewaySettings
from shared.testing.actors import Keys
from shared.testing.service import settings_for

SERVICES = ("selection", "placement", "assessment", "funding")
NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
GOLDEN = Path(__file__).parents[4] / "docs" / "api" / "openapi.json"
RELEASED = GOLDEN.with_name("released.json")
"""The contract of the last release, without words and examples: what a client can break on."""
ACCEPTED = GOLDEN.with_name("accepted-breaks.txt")
"""Breaking changes that were decided on since, one a line as the gate prints it; ``#`` begins a reason."""
_WORDS = frozenset({"description", "summary", "example", "examples", "tags"})
_ADDRESS = "http://service.invalid"


def documents(keys: Keys) -> dict[str, dict[str, Any]]:
    """The OpenAPI document of each service, by name; ``keys`` only let the applications be made."""
    found = {}
    for name in SERVICES:
        kind = getattr(import_module(f"{name}.settings"), f"{name.capitalize()}Settings")
        needed = {"selection_url": _ADDRESS, "certificate_key": keys.private[name]}
        more = {member: value for member, value in needed.items() if member in kind.model_fields}
        settings = settings_for(kind, NOWHERE, keys, **more)
        found[name] = import_module(f"{name}.api").create_app(settings).openapi()
    return found


def whole_contract() -> bytes:
    """What ``GET /openapi.json`` of the gateway answers, to the byte."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Keys(Path(folder))
        theirs = documents(keys)
        urls = {f"{name}_url": f"http://{name}.invalid" for name in SERVICES}
        issuer = {"oidc_issuer": _ADDRESS, "oidc_audience": "gateway"}
        own = create_app(settings_for(GatewaySettings, NOWHERE, keys, **urls, **issuer)).own

        async def fetch(url: str) -> Any:
            return theirs[str(urlsplit(url).hostname).partition(".")[0]]

        return asyncio.run(Contract({name: urls[f"{name}_url"] for name in SERVICES}, own.openapi, fetch).document())


def normalised(document: bytes) -> bytes:
    """The document as it is committed: indented, members in order, so that a change shows as the lines it is."""
    return orjson.dumps(orjson.loads(document), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def bare(value: Any) -> Any:
    """A document without words and examples; members of that name stay."""
    if isinstance(value, dict):
        return {
            name: ({member: bare(schema) for member, schema in inner.items()} if name == "properties" else bare(inner))
            for name, inner in value.items()
            if name not in _WORDS
        }
    return [bare(each) for each in value] if isinstance(value, list) else value


def accepted() -> list[str]:
    """The breaking changes that were decided on."""
    lines = ACCEPTED.read_text().splitlines() if ACCEPTED.exists() else []
    return [line.partition("#")[0].strip() for line in lines if line.partition("#")[0].strip()]


def main() -> None:
    """Write the golden file."""
    parser = argparse.ArgumentParser(prog="python -m gateway.testing.contract", description=__doc__)
    parser.add_argument("--to", type=Path, default=GOLDEN, help="another file than the golden one")
    parser.add_argument("--release", action="store_true", help="write what later changes are judged against, too")
    arguments = parser.parse_args()
    document = whole_contract()
    arguments.to.parent.mkdir(parents=True, exist_ok=True)
    arguments.to.write_bytes(normalised(document))
    if arguments.release:
        RELEASED.write_bytes(orjson.dumps(bare(orjson.loads(document)), option=orjson.OPT_SORT_KEYS) + b"\n")


if __name__ == "__main__":
    main()
