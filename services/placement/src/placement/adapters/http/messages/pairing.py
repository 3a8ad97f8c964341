"""Wordings of what is refused about pairings."""

from __future__ import annotations

PAIRING: dict[str, str] = {
    "contribution-exists": "当日同类贡献已登记。",
    "direction-unknown": "该项目没有此选派方向。",
    "host-unclassified": "单位名册未填写该单位的所在地区和单位类别。",
    "linked-already": "该挂职已与此项目关联。",
    "not-arrived": "该人员尚未到岗。",
    "object-code-taken": "该代码已被登记。",
    "object-not-linked": "请先将该挂职与此项目关联。",
    "object-of-other-pairing": "该项目不属于本人的结对关系。",
    "outside-cycle": "挂职开始日期不在本批次周期内。",
    "outside-pairing": "该单位不在对口支援关系内。",
    "pairing-broken": "该安排违反多项结对规则，详见各项错误。",
    "pairing-class-unreceived": "该选派类别没有可接收的单位类别。",
    "pairing-code-twice": "结对方案代码重复。",
    "pairing-day": "不是有效日期。",
    "pairing-overlap": "该地区已属于另一结对方案或类别。",
    "pairing-term": "不是有效的挂职期限。",
    "pairing-unknown-class": "没有该类别代码。",
    "position-class": "该职务类别不安排到此类单位。",
    "receiving-class": "该选派类别不由此类单位接收。",
    "term-of-direction": "挂职期限与选派方向规定的期限不符。",
    "unknown-area": "所在地区不属于所填省份。",
    "unknown-contribution": "政策中没有该贡献类型：{kinds}。",
    "unknown-object": "没有该项目。",
    "unknown-scheme": "该项目没有此结对方案。",
    "unpaired-source": "选派地区不在任何结对方案内。",
}
