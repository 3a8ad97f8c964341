"""The data-sharing catalogue: which dataset may go to whom, with which fields, under which condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ShareClass(StrEnum):
    """无条件共享, 有条件共享, 不予共享."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NOT_SHARED = "not_shared"


class Sensitivity(StrEnum):
    """How careful one must be with a field."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a dataset."""

    name: str
    type: str
    zh: str
    en: str
    sensitivity: Sensitivity


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset; texts are (Chinese, English). ``route`` is where it is read, ``version`` rises with every change."""

    code: str
    title: tuple[str, str]
    share_class: ShareClass
    owner: str
    refresh: tuple[str, str]
    purpose: tuple[str, str]
    route: str
    fields: tuple[Field, ...]
    condition: tuple[str, str] | None = None
    legal_reason: tuple[str, str] | None = None
    version: int = 1


def dataset_of(said: Mapping[str, Any]) -> Dataset:
    """A dataset out of its YAML.

    Raises:
        ValueError: a condition without the class that has one, or a refusal to share without its legal reason.
    """
    members = dict(said)
    fields = tuple(
        Field(name, kind, zh, en, Sensitivity(level)) for name, (kind, zh, en, level) in members.pop("fields").items()
    )
    members["share_class"] = ShareClass(members["share_class"])
    for name in ("title", "refresh", "purpose", "condition", "legal_reason"):
        if name in members:
            zh, en = members[name]
            members[name] = (zh, en)
    found = Dataset(fields=fields, **members)
    if (found.condition is not None) != (found.share_class is ShareClass.CONDITIONAL):
        raise ValueError(f"{found.code}: a condition belongs to conditional sharing and to nothing else")
    if (found.legal_reason is not None) != (found.share_class is ShareClass.NOT_SHARED):
        raise ValueError(f"{found.code}: who does not share states the law, and only then")
    return found
