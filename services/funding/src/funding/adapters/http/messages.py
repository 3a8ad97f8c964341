"""Chinese wordings of what funding refuses."""

from __future__ import annotations

from typing import Final

ZH: Final[dict[str, str]] = {
    "already-posted": "此笔业务已经记账。",
    "already-returned": "国库此前已反馈不同结果。",
    "already-reversed": "该凭证已被冲销。",
    "allocation-closed": "本期经费已关闭。",
    "budget-wrong": "预算内容前后不符。",
    "bulk-refused": "并非每一笔都允许此操作，未作任何变更。",
    "fund-exists": "已有使用此代码的专项资金。",
    "fund-frozen": "该资金已冻结，解冻前不得动用。",
    "impossible-date": "日期不在允许的范围之内。",
    "in-the-future": "拨款日期尚未到来。",
    "not-positive": "金额须大于零。",
    "not-reversible": "只有拨款凭证可以人工冲销。",
    "not-your-step": "当前应由其他机关审批。",
    "nothing-to-do": "没有可处理的分期款。",
    "other-fund": "本期由另一资金或另一政策版本支付。",
    "overdrawn": "余额不足。",
    "period-closed": "该会计期间已结账，请记入未结账期间。",
    "period-running": "会计期间尚未结束，不能结账。",
    "policy-in-use": "已有资金依据此版本办理，请以新版本发布变更。",
    "policy-inconsistent": "政策内容前后不符。",
    "policy-malformed": "政策不符合其 JSON Schema。",
    "purpose-locked": "该资金不得用于这些支出类别（专款专用）。",
    "recovery-wrong": "并非每一行都相符，未作任何记账。",
    "reference-twice": "文件中该流水号出现两次。",
    "return-file-wrong": "回单文件与批次不符，未作任何记账。",
    "same-person": "编制、审批与支付须由不同人员办理。",
    "source-twice": "每个资金来源只能列一次。",
    "still-open": "尚有人员经费未结清或未释放。",
    "twice": "重复。",
    "unequal": "支出合计与来源合计不等。",
    "unknown-policy": "请先发布经费政策。",
    "unknown-predecessor": "请先发布其继承的版本。",
    "unknown-reference": "批次中没有该流水号。",
    "unknown-source": "该资金没有此来源。",
    "wrong-amount": "金额须与应收回金额一致。",
    "wrong-name": "项目与版本须与路径一致。",
}
