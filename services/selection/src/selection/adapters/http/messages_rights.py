"""Chinese wordings of refusals about people's data, rights and appeals."""

from __future__ import annotations

RIGHTS: dict[str, str] = {
    "accounts-kept": "您已领取经费，会计档案须保存至 {until}。",
    "appeal-open": "您有未办结的申诉。",
    "appeal-late": "申诉期限（{last_day}）已过。",
    "appealed-already": "对该决定已经提出过申诉。",
    "bad-value": "所填内容格式不符。",
    "correction-open": "您有未办结的更正申请。",
    "counted-already": "本期构成已经统计，不再重复统计。",
    "erasure-held": "现在不能删除您的信息，原因逐条列出；您可以撤回各项同意。",
    "legal-hold": "因依法保全，不得删除。",
    "no-composition-target": "该政策没有整体构成目标。",
    "no-such-attribute": "没有可由本人单独填写的这项信息。",
    "no-such-decision": "没有已公布的此类决定可以申诉。",
    "not-needed": "您申请所依据的政策没有整体构成目标，不收集此项信息。",
    "not-stated": "您没有填写过这项信息。",
    "nothing-wanted": "请说明要更正的内容。",
    "notice-changed": "请阅读现行告知书（版本 {notice_version}）后再填写。",
    "own-decision": "参与作出该决定的人员不得审理对它的申诉。",
    "participation-open": "您正在参加项目，请先退出。",
    "person-erased": "该人员的信息已删除。",
    "purpose-not-covering": "用途登记表不允许您为此用途查看该信息。",
    "remedy-unfit": "该处理结果与申诉结论或决定种类不符。",
    "roster-not-fixed": "名单尚未确定，不能统计构成。",
}
