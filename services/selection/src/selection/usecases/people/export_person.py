"""All that is held of a person, for the person: values, decisions, reads, consents (PIPL 45)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selection.domain.people.person import Person
from selection.domain.people.register import NOTICES, Attribute, Extent
from selection.usecases.people.declare_attribute import own_person
from selection.usecases.people.record_read import record_read
from selection.usecases.people.seal_person import opened
from selection.usecases.ports import SelectionWork

PURPOSE = "own-access"


@dataclass(frozen=True, slots=True)
class Export:
    """What is held of one person.

    Attributes:
        attributes: sealed attribute → value.
        notices: attribute → version of the notice in force.
        held: kind → rows.
    """

    person: Person
    attributes: dict[str, str]
    notices: dict[str, str]
    held: dict[str, list[dict[str, Any]]]

    def readable(self, chinese: bool) -> str:
        """The same as text: one line a value, a heading a kind."""
        title = ("关于您的全部信息", "All that is held about you")[not chinese]
        person = {
            "name_zh": self.person.name_zh, "name_bo": self.person.name_bo, "name_latin": self.person.name_latin,
            "birth_date": self.person.birth_date.isoformat(), "account": self.person.account,
        }  # fmt: skip
        parts = [f"# {title}", *_lines({**person, **self.attributes})]
        for kind, rows in self.held.items():
            heading = _KINDS[kind][not chinese] if kind in _KINDS else kind
            parts += ["", f"## {heading} ({len(rows)})"]
            for row in rows:
                parts += [*_lines(row), ""]
        return "\n".join(parts).rstrip() + "\n"


_KINDS = {
    "applications": ("申请及决定", "Applications and decisions"),
    "recommendations": ("单位推荐", "Recommendations of your unit"),
    "panel_means": ("评审各项平均分", "Means of the panel per criterion"),
    "panel_results": ("评审结论", "Results of the panel"),
    "waivers": ("条件放宽", "Waivers"),
    "attestations": ("单位证明的事实", "Facts that your unit attested"),
    "registrations": ("由他人登记", "Registrations by somebody else"),
    "seats": ("名额", "Places"),
    "vacancies": ("腾出的名额", "Places vacated"),
    "appeals": ("申诉", "Appeals"),
    "corrections": ("更正申请", "Requests for correction"),
    "consents": ("同意记录", "Consents"),
    "reads": ("谁因何目的查看过", "Who read what, and for what"),
    "acts": ("您本人的操作", "What you did"),
}


async def export_person(work: SelectionWork) -> Export:
    """Open everything that is the caller's own; the access itself is in the log. Raises ``NotFound`` ``not-found``."""
    person = await own_person(work)
    attributes = {}
    for attribute in Attribute:
        item = (await work.people.items([person.id], attribute)).get(person.id)
        if item is not None:
            attributes[attribute.value] = opened(work, person, item)
            record_read(work, person.id, None, attribute, Extent.WHOLE, PURPOSE)
    held = await work.people.everything(person)
    return Export(person, attributes, {str(one): notice.version for one, notice in NOTICES.items()}, held)


def _lines(row: Mapping[str, Any], indent: str = "") -> list[str]:
    lines = []
    for name, value in row.items():
        if isinstance(value, Mapping) and value:
            lines += [f"{indent}- {name}:", *_lines(value, indent + "  ")]
        elif (
            isinstance(value, Sequence)
            and not isinstance(value, str)
            and any(isinstance(one, Mapping) for one in value)
        ):
            lines.append(f"{indent}- {name}:")
            for one in value:
                lines += _lines(one, indent + "  ") if isinstance(one, Mapping) else [f"{indent}  - {one}"]
        elif value not in (None, [], {}):
            lines.append(f"{indent}- {name}: {value}")
    return lines
