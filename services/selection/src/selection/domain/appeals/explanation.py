"""Why a decision about a person is what it is, in their language, with how and until when to object (PIPL 24)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from selection.domain.appeals.decisions import RosterTold, Taken, last_day
from selection.domain.applying.application import Application
from selection.domain.eligibility.rules import Outcome, RuleResult
from selection.domain.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class CriterionMean:
    """What the panel says on one criterion: the mean of its sheets."""

    criterion: str
    mean: Decimal
    sheets: int


@dataclass(frozen=True, slots=True)
class Appealable:
    """A decision that was announced, and the last day to object to it."""

    decision: str
    noticed_at: datetime
    until: date
    open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence in two languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Explained:
    """The explanation of one application.

    Attributes:
        announced: the roster is fixed; before that nothing is told of panel and balancing.
        means: of the panel, by criterion; empty before the announcement.
        roster: of the session, None before the announcement.
        swap_reason: why a person was swapped in or out by hand, if they were.
    """

    application: Application
    policy: Policy
    announced: bool
    means: tuple[CriterionMean, ...]
    roster: RosterTold | None
    swap_reason: str | None
    appeals: tuple[Appealable, ...]
    lines: tuple[Line, ...]


AUTOMATED = Line(
    "名额平衡由程序提出建议，由人员确认、确定；没有任何决定仅由程序作出。您有权要求说明，并有权不接受仅由程序作出的决定：请通过申诉提出。",
    "Balancing only proposes; people confirm and fix. No decision is taken by the program alone. You may ask for an "
    "explanation and refuse a decision taken by a program alone: file an appeal.",
)
REPEAT = Line(
    "以同一政策版本、同一输入（其 SHA-256 已公布）和已公布的种子重算，结果逐字节相同；同分按参与编号在种子下的 HMAC-SHA-256 排序。",
    "With the same policy version, the same input (its SHA-256 is published) and the published seed the answer is the "
    "same byte for byte; ties fall to the HMAC-SHA-256 of the participation id under the seed.",
)


def explained(
    application: Application,
    policy: Policy,
    roster: RosterTold | None,
    means: Sequence[CriterionMean],
    taken: Sequence[Taken],
    today: date,
) -> Explained:
    """Put together what may be told now."""
    told = roster is not None
    swap = None
    if roster is not None:
        swap = next((each for each in roster.swaps if application.id in (each.out, each.into)), None)
    appeals = tuple(
        Appealable(each.kind.value, each.noticed_at, until, today <= until)
        for each in taken
        for until in (last_day(each, policy.appeals.file_within_days),)
    )
    shown = tuple(means) if told and application.panel_score is not None else ()
    reason = None if swap is None else swap.reason
    lines = [
        *_rules(application.eligibility, {each.rule: each.reason for each in application.waivers}),
        *_local(application),
        *_panel(application, shown),
        *(_balancing(application.explanation or {}, reason) if told else _waiting(application)),
        *_ways(appeals, policy),
        AUTOMATED,
    ]
    return Explained(application, policy, told, shown, roster, reason, appeals, tuple(lines))


_OUTCOMES = {
    Outcome.MET: ("符合", "met"),
    Outcome.UNMET: ("不符合", "not met"),
    Outcome.WAIVED: ("经放宽", "waived"),
    Outcome.NOT_APPLICABLE: ("不适用于个人", "not about a person"),
}


def _rules(results: Iterable[RuleResult], waived: Mapping[str, str]) -> Iterable[Line]:
    for each in results:
        zh, en = _OUTCOMES[each.outcome]
        if each.attested:
            zh, en = "由选拔机关依据单位证明认定", "decided by the selecting authority on what the unit attests"
        why_zh = f"；放宽理由：{waived[each.rule]}" if each.rule in waived else ""
        why_en = f" Reason for the waiver: {waived[each.rule]}" if each.rule in waived else ""
        yield Line(
            f"{each.document} {each.clause}（{each.rule}）：{zh}。{each.message_zh}{why_zh}",
            f"{each.document} {each.clause} ({each.rule}): {en}. {each.message_en}{why_en}",
        )


_DECISIONS = {
    "approve": ("同意", "approved"), "reject": ("不同意", "rejected"), "return": ("退回补正", "returned for correction"),
    "exclude": ("由选拔机关排除", "excluded by the selecting authority"),
}  # fmt: skip


def _local(application: Application) -> Iterable[Line]:
    local = application.local_decision
    if local is None:
        return
    zh, en = _DECISIONS.get(local.decision, (local.decision, local.decision))
    because_zh = "".join(
        f"；{name}：{value}" for name, value in (("理由", local.reason), ("依据", local.clause)) if value
    )
    because_en = "".join(
        f"; {name}: {value}" for name, value in (("reason", local.reason), ("clause", local.clause)) if value
    )
    yield Line(f"初审：{zh}{because_zh}。", f"Local review: {en}{because_en}.")


def _panel(application: Application, means: Sequence[CriterionMean]) -> Iterable[Line]:
    for each in means:
        yield Line(
            f"评审“{each.criterion}”：{each.sheets} 份评分的平均为 {each.mean}。",
            f"Panel, '{each.criterion}': the mean of {each.sheets} sheets is {each.mean}.",
        )
    if means:
        yield Line(
            f"评审总平均 {application.panel_score}，优先加分 {application.preference_points}。",
            f"Mean of the panel {application.panel_score}, preference points {application.preference_points}.",
        )


_PLACES = {
    "selected": ("入选", "selected"), "promoted": ("递补入选", "promoted from the reserve"),
    "reserve": ("候补", "in the reserve"), "out": ("未入选", "not selected"),
}  # fmt: skip


def _balancing(line: Mapping[str, Any], swap_reason: str | None) -> Iterable[Line]:
    if not line:
        return
    zh, en = _PLACES.get(str(line.get("outcome")), ("—", "-"))
    yield Line(
        f"名额平衡：{zh}，第 {line.get('position')} 位，得分 {line.get('score')}。",
        f"Balancing: {en}, position {line.get('position')}, score {line.get('score')}.",
    )
    if line.get("binding_node"):
        yield Line(
            f"约束名额“{line['binding_node']}”已满；其中可调换的最低分为 {line.get('margin_score') or '—'}。",
            f"The quota '{line['binding_node']}' is full; the lowest score there that could have given way is "
            f"{line.get('margin_score') or '-'}.",
        )
    if line.get("minimum_node"):
        yield Line(
            f"该名额由节点“{line['minimum_node']}”的下限保留。",
            f"The place is kept by the minimum of the quota '{line['minimum_node']}'.",
        )
    if swap_reason:
        yield Line(
            f"确认人作了调换，理由：{swap_reason}", f"Swapped by the person who confirmed; reason: {swap_reason}"
        )


def _waiting(application: Application) -> Iterable[Line]:
    if application.outcome is None:
        yield Line(
            "评审和名额平衡的结果在名单确定后公布。", "What panel and balancing say is told once the roster is fixed."
        )


def _ways(appeals: Sequence[Appealable], policy: Policy) -> Iterable[Line]:
    for each in appeals:
        if each.open:
            yield Line(
                f"对“{each.decision}”可于 {each.until} 前申诉（{policy.appeals.document} {policy.appeals.clause}），"
                f"{policy.appeals.decide_within_days} 日内答复。",
                f"Appeal against '{each.decision}' until {each.until} ({policy.appeals.document} {policy.appeals.clause}); "
                f"it is decided within {policy.appeals.decide_within_days} days.",
            )
