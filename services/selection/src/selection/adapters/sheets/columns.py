"""The columns of a call's sheet, drop-downs included, as the policy has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from selection.adapters.db import tables
from selection.domain.codes import StaffCategory, TitleLevel
from shared.kernel.refusals import NotFound
from shared.sheets.columns import YES_NO, Code, Column, Kind, Template

_TITLES = {
    TitleLevel.NONE: ("无", "none"), TitleLevel.JUNIOR: ("初级", "junior"), TitleLevel.INTERMEDIATE: ("中级", "intermediate"),
    TitleLevel.ASSOCIATE_SENIOR: ("副高级", "associate senior"), TitleLevel.SENIOR: ("正高级", "senior"),
}  # fmt: skip

_STAFF = (
    Code(StaffCategory.ADMINISTRATIVE, "党政干部", "administrative"),
    Code(StaffCategory.PROFESSIONAL, "专业技术人才", "professional"),
)


def application_columns(content: dict[str, Any]) -> tuple[Column, ...]:
    """The columns of a sheet of applications.

    Args:
        content: of the policy, resolved.
    """
    codes = content["codes"]
    focus = _codes(codes.get("focus_areas", []))
    titles = tuple(Code(level.value, zh, en) for level, (zh, en) in _TITLES.items())
    columns = [
        Column(code="name_zh", zh="姓名", en="Name", required=True),
        Column(code="name_bo", zh="藏文姓名", en="Name in Tibetan"),
        Column(code="name_latin", zh="拉丁字母姓名", en="Name in Latin letters"),
        Column(code="identity_number", zh="公民身份号码", en="Identity number", required=True, width=22, max_length=40,
               note_zh="18位，按文本填写。", note_en="18 characters, as text."),
        Column(code="birth_date", zh="出生日期", en="Birth date", kind=Kind.DATE, required=True, width=12),
        Column(code="phone", zh="电话", en="Telephone", max_length=25),
        Column(code="unit", zh="所在单位代码", en="Unit", required=True, width=24, max_length=120,
               note_zh="机构路径，如 cn/54/5401/U0001。", note_en="Path of the unit, like cn/54/5401/U0001."),
        Column(code="title_level", zh="职称级别", en="Title level", kind=Kind.CODE, required=True, codes=titles),
        Column(code="specialty", zh="专业", en="Specialty", kind=Kind.CODE, required=True, width=26,
               codes=_codes(codes["specialties"])),
        Column(code="years_of_service", zh="专业工作年限", en="Years of service", kind=Kind.INTEGER, required=True, width=10),
        Column(code="grassroots_years", zh="基层工作年限", en="Grassroots years", kind=Kind.INTEGER, required=True, width=10),
        Column(code="county_experience", zh="县级工作经历", en="County experience", kind=Kind.CODE, codes=YES_NO, width=8),
        Column(code="township_experience", zh="乡镇工作经历", en="Township experience", kind=Kind.CODE, codes=YES_NO, width=8),
        Column(code="focus_area", zh="重点领域", en="Focus area", kind=Kind.CODE, required=bool(focus), codes=focus, width=24),
        Column(code="study_direction_wish", zh="意向研修方向", en="Wished study direction", kind=Kind.CODE, width=24,
               codes=_codes(codes["study_directions"])),
        Column(code="host_preferences", zh="意向培养单位", en="Wished hosts", width=24, max_length=620,
               note_zh="至多五个代码，以空格分隔。", note_en="At most five codes, separated by blanks."),
        Column(code="staff_category", zh="人员类别", en="Staff category", kind=Kind.CODE, codes=_STAFF),
        Column(code="position_class", zh="岗位类别", en="Position class", kind=Kind.CODE,
               codes=_codes(codes.get("position_classes", []))),
        Column(code="competences", zh="专业能力", en="Competences", width=24, max_length=6000,
               note_zh="代码，以空格分隔。", note_en="Codes, separated by blanks."),
        Column(code="destination", zh="意向去向", en="Destination", kind=Kind.CODE,
               codes=_codes(codes.get("destinations", []))),
        Column(code="consent", zh="本人同意", en="Person agrees", kind=Kind.CODE, codes=YES_NO, required=True, width=8,
               note_zh="本人已同意由单位代为登记。", note_en="The person agreed to be registered."),
    ]  # fmt: skip
    spare = set() if codes.get("competences") else {"competences"}
    return tuple(
        column for column in columns if column.code not in spare and (column.kind is not Kind.CODE or column.codes)
    )


async def policy_content(connection: AsyncConnection, programme: str, version: str) -> dict[str, Any]:
    """The resolved content of a policy, with the names of its codes. Raises ``NotFound``."""
    table = tables.registered_policy
    statement = select(table.c.resolved).where(table.c.programme == programme, table.c.policy_version == version)
    content: dict[str, Any] | None = (await connection.execute(statement)).scalar()
    if content is None:
        raise NotFound("policy-not-found", "There is no such policy version.", policy_version=version)
    return content


def template_of(call: UUID, policy_version: str) -> Template:
    """What a template of this call says about itself; one of another call or policy is refused."""
    return Template("applications", "1", (("call", str(call)), ("policy", policy_version)))


def _codes(rows: Iterable[dict[str, Any]]) -> tuple[Code, ...]:
    return tuple(Code(row["code"], row.get("name_zh", ""), row.get("name_en", "")) for row in rows)
