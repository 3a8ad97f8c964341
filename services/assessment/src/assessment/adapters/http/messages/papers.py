"""Wordings about papers."""

from __future__ import annotations

PAPERS: dict[str, str] = {
    "glyph-missing": "字库缺少证书上的字符（{characters}），为避免印错，不予打印。",
    "link-lost": "该证书的查验链接已无法再生成，请换发证书。",
    "changed-meanwhile": "打印过程中该证书的状态有变化，未列入本批。",
    "no-such-part": "没有这一部分：打印尚未完成，或文件已到期删除。",
    "nothing-to-print": "该期次没有可打印的有效证书。",
    "printing-already": "该期次的证书正在打印，请查看相应任务。",
    "no-seal": "本系统未配置电子印章，不能打印证书。",
    "paper-of-invalid-certificate": "该证书目前无效，不能打印。",
    "papers-unavailable": "暂时无法打印证书，请稍后重试。",
}
