"""Wordings of what is refused about accreditations and talent cards."""

from __future__ import annotations

ACCREDITING: dict[str, str] = {
    "accreditation-open": "您有一项认定申请正在办理，请先撤回。",
    "allowance-used-up": "该卡今年使用此项服务的次数已满。",
    "card-not-active": "该人才卡目前无效。",
    "empty-area": "有服务领域未列任何服务。",
    "not-entitled": "该卡的层次不含此项服务。",
    "order-twice": "两个层次的顺序相同。",
    "own-case": "任何人不得办理本人的认定或人才卡。",
    "receipt-used": "该凭证号已登记过一次使用。",
    "renewal-too-early": "未到换发时间（{first} 起）。",
    "renewal-too-late": "换发期限已过（{last} 止），请重新申请认定。",
    "service-twice": "两项服务的代码相同。",
    "tier-held": "您已具有该层次或更高层次。",
    "tier-twice": "两个层次的代码相同。",
    "unknown-area": "该服务所属领域未列出。",
    "unknown-evidence": "办法未列此类证明材料。",
    "unknown-service": "服务目录中没有此项服务。",
    "unknown-tier": "办法中没有该层次。",
    "use-in-future": "使用日期不得晚于今天。",
    "use-too-old": "使用须在一个月内登记。",
    "wrong-provider": "此项服务由其他单位提供。",
}
