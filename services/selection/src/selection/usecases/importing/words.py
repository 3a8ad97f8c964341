"""What a row of a sheet may be told, in both languages."""

from __future__ import annotations

from typing import Final

from selection.domain.importing.row import RowProblem

WORDS: Final[dict[str, tuple[str, str]]] = {
    "unknown-unit": ("There is no such unit.", "没有这个单位。"),
    "unit-outside-scope": ("The unit lies outside the scope of the call.", "该单位不在申报范围内。"),
    "unit-not-routed": ("The policy names no reviewer for this kind of unit.", "政策没有规定此类单位的审核部门。"),
    "not-your-unit": ("You may not register people of this unit.", "您不能为该单位的人员登记。"),
    "bad-years": ("Give whole years from 0 to 60.", "请填写0至60之间的整数。"),
    "bad-hosts": ("Name at most five hosts by their code, separated by blanks.", "请填写至多五个培养单位代码，以空格分隔。"),
    "bad-phone": ("This is not a telephone number.", "电话号码格式不正确。"),
    "unknown-code": ("The code list of the call has no such entry.", "本次申报的代码表中没有此项。"),
    "years-contradict": ("Grassroots years cannot exceed the years of service.", "基层工作年限不能超过工作年限。"),
    "host-twice": ("Name each wished host once.", "意向培养单位重复。"),
    "birth-date-in-future": ("The birth date lies in the future.", "出生日期在将来。"),
    "identity-number-shape": ("Give the 18 characters of the identity number.", "请填写18位公民身份号码。"),
    "identity-number-check": (
        "The last character does not fit the others; look for a typing error.",
        "身份号码校验位不符，请检查是否有误。",
    ),
    "identity-number-birth-date": ("The identity number holds another birth date.", "身份号码中的出生日期与所填不同。"),
    "consent-missing": ("Register only people who agreed to it.", "须经本人同意方可登记。"),
    "row-twice": ("An earlier row has the same identity number.", "前面已有同一身份号码的行。"),
    "applied-already": ("This person has an application in this call.", "该人员在本次申报中已有申请。"),
    "row-changed": (
        "This person was registered from a row that said otherwise; correct the application itself.",
        "该人员此前已登记但内容不同，请直接更正其申请。",
    ),
    "person-known": (
        "The person has an account already; the application will be theirs.",
        "该人员已有账号，申请将归入其账号。",
    ),
    "person-known-otherwise": (
        "The person with this identity number is known under another name.",
        "此身份号码对应人员的姓名与所填不同。",
    ),
    "possible-duplicate": (
        "Somebody of the same name, birth date and unit is there with another identity number; look whether it is the same person.",
        "已有姓名、出生日期、单位相同但身份号码不同的人员，请核对是否为同一人。",
    ),
}  # fmt: skip


def said(column: str, code: str, severity: str = "error") -> RowProblem:
    """A problem with its words."""
    en, zh = WORDS[code]
    return RowProblem(column, code, en, zh, severity)
