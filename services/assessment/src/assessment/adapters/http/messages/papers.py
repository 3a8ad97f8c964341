"""Wordings about papers."""

from __future__ import annotations

PAPERS: dict[str, str] = {
    "glyph-missing": "字库缺少证书上的字符（{characters}），为避免印错，不予打印。",
    "link-lost": "该证书的查验链接已无法再生成，请换发证书。",
    "no-seal": "本系统未配置电子印章，不能打印证书。",
    "paper-of-invalid-certificate": "该证书目前无效，不能打印。",
    "papers-unavailable": "暂时无法打印证书，请稍后重试。",
}
