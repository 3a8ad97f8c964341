"""Wordings of what is refused about agreements."""

from __future__ import annotations

AGREEMENTS: dict[str, str] = {
    "area-without-side": "该项工作无人负责，请写明由培养单位或选送单位负责。",
    "attested-by-party": "不得由签署方自己的人员见证其纸质签名。",
    "filing-exists": "该协议版本已有备案件。",
    "file-too-large": "文件过大，上限为 {limit} 字节。",
    "leading-host-missing": "多家培养单位中须有一家为该学员的主要培养单位。",
    "no-such-page": "请先将扫描件上传到该协议。",
    "no-such-party": "请指明协议的一个当事方；同一角色有多方时须写明单位。",
    "not-a-page": "请上传 PDF、PNG 或 JPEG 格式的扫描件。",
    "not-your-turn": "请等待以下各方先签署：{waiting_for}。",
    "organisation-missing": "请写明该当事方的单位。",
    "party-twice": "同一当事方重复列出。",
    "shares-not-foreseen": "政策未规定该角色的份额。",
    "shares-not-whole": "各方份额须为 1 至 100 的整数，且合计为 100。",
    "signatory-dropped": "变更协议须由原签署各方签署：{parties}。",
    "signed-before-offer": "签名日期早于协议文本确定的日期。",
    "too-many-parties": "该角色的当事方超过政策规定的数目。",
    "unknown-area": "只能使用规定的四个工作领域。",
    "unknown-side": "只能由培养单位或选送单位负责，且不得重复。",
    "wrong-file-type": "不接受该类型的文件。",
}
