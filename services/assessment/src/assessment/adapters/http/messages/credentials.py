"""Wordings of what is refused about credentials, their status and their keys."""

from __future__ import annotations

CREDENTIALS: dict[str, str] = {
    "not-a-credential": "该凭证或出示文件不符合数据模型。",
    "not-verified": "该凭证或出示文件未通过验证。",
    "no-such-form": "该证书没有所要求的电子形式。",
    "no-such-list": "没有此状态列表。",
    "signer-unavailable": "签名服务暂时不可用；未颁发任何证书。",
}
