"""How it is shown what was handed out of a certificate."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from pydantic import Field

from shared.http.resources import Resource

_WHAT: Final = {
    "paper": ("打印了证书", "The paper was printed"),
    "credential": ("取走了电子凭证", "The credential was handed out"),
    "link": ("取走了查验链接", "The verification link was handed out"),
    "qr": ("取走了二维码", "The QR code was handed out"),
}
_WHOM: Final = {"applicant": ("持证人", "the holder"), "issuer": ("发证机关", "the issuer")}


class HandOutOut(Resource):
    """One hand-out of a certificate."""

    what: str
    at: datetime
    purpose: str | None
    words: str = Field(description="the same as a sentence, in the language of the request")

    @classmethod
    def of(cls, row: Any, locale: str) -> HandOutOut:
        """Present a row with what, business time, roles and purpose."""
        index = 0 if locale == "zh-CN" else 1
        did = _WHAT.get(row.what, (row.what, row.what))[index]
        whom = next((_WHOM[role][index] for role in row.roles if role in _WHOM), "")
        day = row.business_at.date()
        words = f"{day.year}年{day.month}月{day.day}日，{whom}{did}。" if index == 0 else f"{did} to {whom} on {day}."
        return cls(what=row.what, at=row.business_at, purpose=row.purpose, words=words)


class HandOutListOut(Resource):
    """What was handed out, the latest first."""

    items: list[HandOutOut]
