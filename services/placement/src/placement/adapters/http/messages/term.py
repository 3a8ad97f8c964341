"""Wordings of what is refused about the days of a term."""

from __future__ import annotations

TERM: dict[str, str] = {
    "host-has-offers": "请先关闭该单位的开放接收计划。",
    "host-not-active": "该培养单位已暂停或关闭，不能提供名额。",
    "calendar-exists": "您已有日历订阅地址，请更换密钥。",
    "main-host-missing": "第一个份额必须属于该学员的培养单位。",
    "formalities-so": "登记情况与此一致，无需更改。",
    "not-recorded": "该日期尚未登记，无从更正。",
    "nothing-to-correct": "请至少填写一个与登记不同的日期。",
    "share-twice": "每个培养单位只能有一个份额。",
    "shares-not-whole": "各培养单位的份额均不少于 1，合计须为 100。",
    "shares-overlap": "第二培养单位的日期超出了第一培养单位的日期。",
}
