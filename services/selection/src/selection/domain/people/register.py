"""The purpose register: which attribute may be read for what, by whom, on which ground, for how long (domain.md 7.1, 7.3).

Published at ``GET /v1/selection/purposes``. What has no row is not read. Nobody has a row to read a person's ethnicity:
it is counted by the service itself, never shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.actor import Role
from shared.kernel.refusals import Forbidden


class Attribute(StrEnum):
    """What is held of a person beyond codes; all but the names are sealed."""

    NAMES = "names"
    IDENTITY_NUMBER = "identity-number"
    PHONE = "phone"
    EMAIL = "email"
    BANK_ACCOUNT = "bank-account"
    HEALTH_ACCOMMODATION = "health-accommodation"
    ETHNICITY = "ethnicity"


DECLARABLE = (
    Attribute.PHONE, Attribute.EMAIL, Attribute.BANK_ACCOUNT, Attribute.HEALTH_ACCOMMODATION, Attribute.ETHNICITY,
)  # fmt: skip
"""What the person states, changes and takes back alone."""

SEPARATE_CONSENT = frozenset({Attribute.BANK_ACCOUNT, Attribute.HEALTH_ACCOMMODATION, Attribute.ETHNICITY})
"""Sensitive: only with a consent of its own (PIPL 29)."""


class Extent(StrEnum):
    """How much of a value a purpose opens."""

    WHOLE = "whole"
    TAIL = "tail"
    AGGREGATE = "aggregate"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One row: ``readers`` may open ``extent`` of ``attribute`` for ``purpose``.

    Attributes:
        basis: the legal ground by article.
        retention: code of the row of the retention schedule that ends it.
    """

    attribute: Attribute
    purpose: str
    readers: frozenset[Role]
    extent: Extent
    basis: str
    retention: str
    text_zh: str
    text_en: str


_SERVICE = frozenset({Role.SERVICE})
_CONTACTS = frozenset({Role.UNIT_OFFICER, Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER, Role.SERVICE})
_DUTY = "PIPL 13(1)(3), 34: statutory duty"
_CONSENT = "PIPL 13(1)(1), 29: separate consent"
_A, _E = Attribute, Extent


def _named(purpose: str, zh: str, en: str) -> Purpose:
    return Purpose(_A.NAMES, purpose, _SERVICE, _E.WHOLE, _DUTY, "core-record", zh, en)


def _tail(purpose: str, zh: str, en: str) -> Purpose:
    return Purpose(_A.IDENTITY_NUMBER, purpose, _SERVICE, _E.TAIL, _DUTY, "core-record", zh, en)


PURPOSES: tuple[Purpose, ...] = (
    _named("certificate", "在证书上打印姓名。", "Print the name on a certificate."),
    _named("certificate-issue", "签发证书时打印姓名。", "Print the name when a certificate is issued."),
    _named("second-factor", "核验证书持有人。", "Check the holder of a certificate."),
    _named("agreement", "在协议上打印姓名。", "Print the name on an agreement."),
    _named("payment", "在付款清单上打印姓名。", "Print the name on a payment list."),
    _named("contact", "与本人联系。", "Address the person."),
    _tail("certificate", "在证书上打印身份号码末四位。", "Print the last four characters on a certificate."),
    _tail("certificate-issue", "签发证书时打印身份号码末四位。", "Print the last four characters when issuing."),
    _tail("second-factor", "以身份号码末四位核验证书。", "Check a certificate by the last four characters."),
    Purpose(_A.PHONE, "contact", _CONTACTS, _E.WHOLE, _DUTY, "core-record", "与本人联系。", "Reach the person."),
    Purpose(_A.EMAIL, "contact", _CONTACTS, _E.WHOLE, _DUTY, "core-record", "与本人联系。", "Reach the person."),
    Purpose(
        _A.IDENTITY_NUMBER, "correction", frozenset({Role.REGIONAL_OFFICER}), _E.WHOLE, "PIPL 46: correction", "core-record",
        "核对本人提出的更正申请。", "Check what the person asks to correct.",
    ),
    Purpose(
        _A.NAMES, "correction", frozenset({Role.REGIONAL_OFFICER}), _E.WHOLE, "PIPL 46: correction", "core-record",
        "核对本人提出的更正申请。", "Check what the person asks to correct.",
    ),
    *(
        Purpose(
            attribute, "own-access", frozenset({Role.APPLICANT}), _E.WHOLE, "PIPL 45: access", "core-record",
            "本人查阅、复制。", "The person's own access and copy.",
        )
        for attribute in Attribute
    ),
    Purpose(
        _A.BANK_ACCOUNT, "payment", _SERVICE, _E.WHOLE, _CONSENT, "sensitive-at-purpose-end",
        "发放津贴和补助。", "Pay allowances and subsidies.",
    ),
    Purpose(
        _A.HEALTH_ACCOMMODATION, "accommodation", frozenset({Role.REGIONAL_OFFICER, Role.SERVICE}), _E.WHOLE, _CONSENT,
        "sensitive-at-purpose-end", "安排所需的便利条件。", "Arrange what the person needs on account of their health.",
    ),
    Purpose(
        _A.ETHNICITY, "composition-statistic", frozenset({Role.SYSTEM}), _E.AGGREGATE, _CONSENT,
        "sensitive-at-purpose-end",
        "仅用于对照政策的整体构成目标和法定统计；任何人不能查看个人值，人数不足时不公布。",
        "Only counted, for the composition target of the policy and statutory statistics; nobody can see a person's "
        "value, and small counts are not published.",
    ),
)  # fmt: skip


def covering(attribute: Attribute, purpose: str, roles: Iterable[Role], extent: Extent) -> Purpose:
    """The row under which holders of ``roles`` may read.

    Raises:
        Forbidden: ``purpose-not-covering`` when there is none.
    """
    held = frozenset(roles)
    for row in PURPOSES:
        if (row.attribute, row.purpose, row.extent) == (attribute, purpose, extent) and row.readers & held:
            return row
    raise Forbidden("purpose-not-covering", "The purpose register does not let you read this for this purpose.")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is told before they state an attribute; a changed text is a new version (PIPL 17, 30)."""

    attribute: Attribute
    version: str
    text_zh: str
    text_en: str


NOTICES: dict[Attribute, Notice] = {
    notice.attribute: notice
    for notice in (
        Notice(
            _A.PHONE, "2026-1", "电话仅用于与您联系；可随时更改或撤回。",
            "Your telephone number is used to reach you only; change or withdraw it at any time.",
        ),
        Notice(
            _A.EMAIL, "2026-1", "电子邮箱仅用于与您联系；可随时更改或撤回。",
            "Your e-mail address is used to reach you only; change or withdraw it at any time.",
        ),
        Notice(
            _A.BANK_ACCOUNT, "2026-1",
            "银行账户属于敏感个人信息，仅用于发放津贴和补助。不填写不影响选拔，但无法转账发放。可随时撤回，撤回后即删除。",
            "A bank account is sensitive personal information. It is used to pay allowances only. Without it you are "
            "selected all the same but cannot be paid by transfer. Withdraw at any time; it is then deleted.",
        ),
        Notice(
            _A.HEALTH_ACCOMMODATION, "2026-1",
            "健康相关便利需求属于敏感个人信息，仅供安排便利条件的工作人员查看，不用于选拔、考核和经费。可随时撤回，撤回后即删除。",
            "A need on account of health is sensitive personal information. Only those who arrange for it see it; it is "
            "no input to selection, assessment or funding. Withdraw at any time; it is then deleted.",
        ),
        Notice(
            _A.ETHNICITY, "2026-1",
            "民族信息自愿填写，加密保存，仅由系统按期次汇总，用于政策所述的整体构成目标和法定统计；任何人不能查看或按其检索个人，"
            "不影响对您的任何决定。可随时撤回，撤回后即删除。",
            "Optional and self-declared. It is sealed and only counted per session, for the composition target that the "
            "policy states and for statutory statistics. Nobody can see it or find you by it, and no decision about you "
            "depends on it. Withdraw at any time; it is then deleted.",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Retention:
    """One row of the retention schedule: ``days`` after ``after``, ``what`` is deleted.

    A legal hold, an open appeal and the keeping of accounts go before it.
    """

    code: str
    what: str
    after: str
    days: int
    basis: str


RETENTION: tuple[Retention, ...] = (
    Retention(
        "unsuccessful-applicant", "person", "end of the appeal period after the planned start", 365, "PIPL 19, 47"
    ),
    Retention(
        "sensitive-at-purpose-end", "attributes with separate consent", "end of every participation", 90, "PIPL 47"
    ),
    Retention("composition-counted", "ethnicity", "the session's statistic was made or its term ended", 0, "PIPL 47"),
    Retention("core-record", "person", "planned end of the last training", 3650, "accounting law, archives law"),
    Retention("read-log", "log of reads", "the read", 1095, "PIPL 56"),
)
"""Assumption: the numbers of days, but for the year of ``unsuccessful-applicant``, which domain.md 7.3 names."""


def days_of(code: str) -> int:
    """Days of one row of the schedule. Raises ``KeyError`` for an unknown code."""
    return {row.code: row.days for row in RETENTION}[code]
