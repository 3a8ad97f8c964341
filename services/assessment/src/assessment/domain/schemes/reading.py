"""Reading a scheme from policy content, and the inheritance of policies (P-08)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assessment.domain.schemes.components import (
    AttendanceRule,
    Component,
    Grade,
    QuestionRule,
    ReportRule,
    Scale,
    Stage,
    Title,
)
from assessment.domain.schemes.rules import (
    ACHIEVEMENT_KINDS,
    CORRECTION_REASONS,
    AppealGround,
    CertificateRule,
    Deadlines,
    DeferralRule,
    FollowUpRule,
    ResitRule,
    Round,
    WaiverRule,
)
from assessment.domain.schemes.scheme import Scheme
from shared.kernel.actor import Role

Content = Mapping[str, Any]


def inherit(parent: Content, child: Content) -> dict[str, Any]:
    """``child`` laid over ``parent``: mappings merge, lists of coded rows merge by ``code``, null takes away.

    Everything else is replaced (P-08: a batch inherits its predecessor and overrides part).
    """
    merged = dict(parent)
    for name, value in child.items():
        before = merged.get(name)
        if value is None:
            merged.pop(name, None)
        elif isinstance(before, Mapping) and isinstance(value, Mapping):
            merged[name] = inherit(before, value)
        elif before is not None and _coded(before) and _coded(value):
            rows = {row["code"]: row for row in before}
            for row in value:
                rows[row["code"]] = inherit(rows.get(row["code"], {}), row)
            merged[name] = list(rows.values())
        else:
            merged[name] = value
    return merged


def _coded(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) and "code" in row for row in value)


def read_scheme(content: Content) -> Scheme:
    """The scheme of a complete policy content that its JSON Schema has accepted.

    Raises:
        KeyError: a member is missing; the schema forbids that for effective content.
    """
    later = content.get("achievements")
    return Scheme(
        programme=content["programme"],
        version=content["version"],
        title=_title(content["title"]),
        programme_title=_title(content["programme_title"]),
        issuer_title=_title(content.get("issuer_title", {"zh": "", "en": ""})),
        authority=content["authority"],
        issuer=content.get("issuer", ""),
        scale=Scale(**{name: Decimal(content["scale"][name]) for name in ("lowest", "highest", "step")}),
        components=tuple(_component(row) for row in content["components"]),
        pass_mark=Decimal(content["pass_mark"]),
        grades=tuple(_grade(row) for row in content["grades"]),
        fail_grade=_grade({"from": "0"} | dict(content["fail_grade"])),
        deferral=DeferralRule(
            frozenset(content["deferral"]["reasons"]),
            content["deferral"]["at_most"],
            content["deferral"].get("within_months"),
        ),
        appeal_grounds=tuple(
            AppealGround(row["code"], _title(row["title"]), _roles(row["raised_by"]), row.get("within_days"))
            for row in content["appeal"]["grounds"]
        ),
        certifies=_certificate(content["certificate"]) if content.get("certificate") else None,
        waiver=WaiverRule(tuple(content["waiver"]["levels"])) if content.get("waiver") else None,
        resit=_resit(content["resit"]) if content.get("resit") else None,
        correction_reasons=frozenset(content["correction"]["reasons"])
        if "correction" in content
        else CORRECTION_REASONS,
        follow_up=_follow_up(content["follow_up"]) if content.get("follow_up") else FollowUpRule(),
        achievement_kinds=(
            {row["code"]: tuple(row["standings"]) for row in later["kinds"]} if later else ACHIEVEMENT_KINDS
        ),
        deadlines=Deadlines(dict(content.get("deadlines") or {})),
    )


def _certificate(row: Content) -> CertificateRule:
    return CertificateRule(
        title=_title(row["title"]),
        number=row["number"],
        serial_digits=row["serial_digits"],
        valid_years=row.get("valid_years"),
        revocation_reasons=frozenset(row["revocation_reasons"]),
        reissue_reasons=frozenset(row["reissue_reasons"]),
        overturned_reason=row["overturned_reason"],
    )


def _resit(row: Content) -> ResitRule:
    extension = row.get("extension") or {"at_most": 0, "months": 0, "reasons": []}
    return ResitRule(
        at_most=row["at_most"],
        within_months=row["within_months"],
        components=tuple(row["components"]),
        extensions_at_most=extension["at_most"],
        extension_months=extension["months"],
        extension_reasons=frozenset(extension["reasons"]),
    )


def _follow_up(row: Content) -> FollowUpRule:
    return FollowUpRule(tuple(Round(each["code"], each["months"]) for each in row["rounds"]), row["within_days"])


def _component(row: Content) -> Component:
    reports, attendance, questions = row.get("reports"), row.get("attendance"), row.get("questions")
    return Component(
        code=row["code"],
        title=_title(row["title"]),
        weight=row["weight"],
        stage=Stage(row["stage"]),
        scored_by=_roles(row.get("scored_by", [])),
        minimum=Decimal(row["minimum"]) if row.get("minimum") is not None else None,
        reports=ReportRule(
            at_least=reports["at_least"],
            on_time=Decimal(reports["on_time"]),
            late=Decimal(reports["late"]),
            missing=Decimal(reports["missing"]),
        )
        if reports
        else None,
        clause=row["clause"],
        attendance=AttendanceRule(Decimal(attendance["full"])) if attendance else None,
        questions=QuestionRule(questions["full_at"], Decimal(questions["full"])) if questions else None,
    )


def _grade(row: Content) -> Grade:
    return Grade(row["code"], _title(row["title"]), Decimal(row["from"]))


def _title(row: Content) -> Title:
    return Title(row["zh"], row["en"])


def _roles(names: list[str]) -> frozenset[Role]:
    return frozenset(Role(name) for name in names)
