"""Puts values that exist into generated cases, so that they get past "there is no such thing"."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final
from uuid import UUID
from zlib import crc32

from schemathesis import Case, HookContext, Response
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

from talent_local.fuzzing.actors import Tokens, headers
from talent_local.fuzzing.pools import Pools

PATH_SHARE: Final = 0.8
BODY_SHARE: Final = 0.6
HEADER_SHARE: Final = 0.7
_VERSIONS: Final = ('"v1"', '"v2"', '"v3"', '"v4"', '"v5"', '"v7"')

MapCase = Callable[[HookContext, Case[Any]], Case[Any]]
FilterCase = Callable[[HookContext, Case[Any]], bool]
AfterCall = Callable[[HookContext, Case[Any], Response], None]


def described(case: Case[Any]) -> str:
    """A case as a text from which everything random about it is drawn."""
    return f"{case.operation.label} {case.path_parameters!r} {case.query!r} {case.body!r}"


def substituting(pools: Pools, tokens: Tokens) -> MapCase:
    """The hook: real ids, keys and versions in most of the cases, and somebody who asks."""

    def map_case(_: HookContext, case: Case[Any]) -> Case[Any]:
        what = described(case)
        random = Random(crc32(what.encode("utf-8", "surrogatepass")))
        if not _wrong(case, ParameterLocation.PATH):
            for name in list(case.path_parameters or {}):
                values = pools.fitting(case.operation.path, name)
                if values and random.random() < PATH_SHARE:
                    case.path_parameters[name] = random.choice(values)
        if isinstance(case.body, (dict, list)):
            case.body = _with_ids(case.body, pools, random)
        if not _wrong(case, ParameterLocation.HEADER):
            _head(case, random)
        for name, value in headers(tokens.chosen(what)).items():
            case.headers[name] = value
        case._has_explicit_auth = True
        return case

    return map_case


def thinning(seed: int, share: int) -> FilterCase:
    """The hook: of the enumerated cases only ``share`` percent, the same ones for the same seed."""

    def filter_case(_: HookContext, case: Case[Any]) -> bool:
        if case.meta is None or case.meta.phase.name is not TestPhase.COVERAGE:
            return True
        return crc32(f"{seed} {case.method} {described(case)}".encode("utf-8", "surrogatepass")) % 100 < share

    return filter_case


def learning(pools: Pools) -> AfterCall:
    """The hook: what was created exists from now on."""

    def after_call(_: HookContext, case: Case[Any], response: Response) -> None:
        if response.status_code == 201 and case.method == case.operation.method:
            try:
                answer = response.json()
            except ValueError:
                return
            pools.learn(case.operation.path, answer, frozenset())

    return after_call


def _head(case: Case[Any], random: Random) -> None:
    declared = {parameter.name.lower() for parameter in case.operation.headers}
    if "idempotency-key" in declared and random.random() < HEADER_SHARE:
        case.headers["idempotency-key"] = f"fuzz-{random.getrandbits(64):x}"
    if "if-match" in declared and random.random() < HEADER_SHARE:
        case.headers["if-match"] = random.choice(_VERSIONS)


def _wrong(case: Case[Any], location: ParameterLocation) -> bool:
    return case.meta is not None and case.meta.is_negative_at(location)


def _with_ids(value: Any, pools: Pools, random: Random, name: str = "") -> Any:
    """The same value with well-formed ids replaced by ids that exist under that name, mostly."""
    if isinstance(value, dict):
        return {inner: _with_ids(held, pools, random, str(inner)) for inner, held in value.items()}
    if isinstance(value, list):
        return [_with_ids(held, pools, random, name) for held in value]
    if isinstance(value, str) and random.random() < BODY_SHARE and _is_id(value):
        return random.choice(pools.called(name) or pools.called(name.removesuffix("s")) or [value])
    return value


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
