"""Refusals of the door itself, besides those of the kernel and of the shared plumbing."""

from __future__ import annotations

from shared.kernel.refusals import Refusal


class BodyTooLarge(Refusal):
    """The body is larger than the route accepts (413)."""


class BodyTooSlow(Refusal):
    """The body did not arrive in time (408)."""


class HeadersTooLarge(Refusal):
    """More header lines or bytes than the door accepts (431)."""


class MethodNotAllowed(Refusal):
    """The route does not know the method (405)."""


class TooMany(Refusal):
    """Too many requests from one caller (429); ``values['retry_after']`` is in seconds."""


class Gone(Refusal):
    """The position asked for lies in a part of the history that was removed (410)."""


class UpstreamDown(Refusal):
    """The service behind the route does not answer (503); ``values['retry_after']`` is in seconds."""


class UpstreamSlow(Refusal):
    """The service behind the route did not answer in time (504)."""


class ContractConflict(Refusal):
    """Two services publish different things under one name (500); the detail names both."""


STATUS: dict[type[Refusal], int] = {
    MethodNotAllowed: 405,
    BodyTooSlow: 408,
    Gone: 410,
    BodyTooLarge: 413,
    TooMany: 429,
    HeadersTooLarge: 431,
    ContractConflict: 500,
    UpstreamDown: 503,
    UpstreamSlow: 504,
}
"""Status codes of these refusals; those of the kernel are known to the shared problems module."""

TITLES: dict[int, tuple[str, str]] = {
    408: ("The request came too slowly", "请求超时"),
    410: ("No longer there", "内容已不存在"),
    431: ("The headers are too large", "请求头过大"),
    504: ("The service did not answer in time", "业务系统响应超时"),
}
"""Titles of status codes that only the door uses."""

ZH: dict[str, str] = {
    "unauthenticated": "请先登录：在请求头 Authorization 中携带有效的访问令牌。",
    "body-too-large": "请求正文过大，最多 {limit} 字节。",
    "body-too-slow": "请求正文未能及时到达。",
    "headers-too-large": "请求头过大。",
    "bad-host": "请求必须且只能包含一个 Host 请求头。",
    "repeated-header": "只能出现一次的请求头出现了多次。",
    "bad-content-length": "Content-Length 必须是数字。",
    "malformed-path": "请求路径不合规范。",
    "bad-purpose": "X-Purpose 必须是已公布的用途代码之一。",
    "no-such-route": "没有这个路径。",
    "too-many-requests": "请求过于频繁，请稍后再试。",
    "csrf-refused": "请在本站页面中操作，并在 X-CSRF-Token 中携带 GET /v1/session 给出的令牌。",
    "bad-return": "return 必须是本站的路径，例如 /journeys。",
    "no-sign-in": "此处未启用浏览器登录。",
    "sign-in-lost": "本次登录不是在此浏览器中开始的，或已超时，请重新登录。",
    "sign-in-refused": "身份认证系统未能完成登录。",
    "bad-logout-token": "请以表单形式发送一个有效的 logout_token。",
    "upstream-down": "该业务系统暂时无法访问，请稍后再试。",
    "upstream-slow": "该业务系统未能及时响应。",
    "contract-conflict": "各业务系统发布的接口契约相互冲突。",
    "bad-limit": "limit 必须是 1 到 200 之间的整数。",
    "bad-question": "统计查询条件有误，详见 errors。",
    "no-numbers": "没有可用于此统计的数据。",
    "observations-rejected": "数据未导入，请按 errors 更正各行。",
    "sheet-wrong": "数据未导入，请按 errors 更正单元格。",
    "same-edition": "最新一版已是相同内容。",
    "other-programme": "该数据集属于另一项目。",
    "correction-rejected": "校核申请所指内容不存在，详见 errors。",
    "bad-after": "after 须为至多 {limit} 个事件编号，以逗号分隔（见回应头 Published-Events）。",
    "position-gone": "该位置之前的事件已被清理；请不带 cursor 重新读取（参数 since 可限定时间），并与本地记录核对。",
    "too-many-streams": "同一账户同时打开的事件流过多（最多 {limit} 个），请先关闭其他连接。",
    "no-organisation": "您的账户不属于任何机构，因此没有可见的下级内容。",
    "webhook-refused": "该 Webhook 设置不符合要求，详见 errors。",
    "url-characters": "URL 只能包含可打印的 ASCII 字符；其他域名请使用 punycode。",
    "url-malformed": "这不是有效的接收地址。",
    "url-not-https": "Webhook 只能使用 https。",
    "url-credentials": "URL 中不得包含用户名或密码。",
    "url-fragment": "URL 不得包含片段（# 之后的部分）。",
    "url-port": "端口必须是以下之一：{allowed}。",
    "url-host": "不允许访问该主机（{why}）。",
    "unknown-type": "没有这种事件类型：{type}。",
    "too-many-webhooks": "每个机构最多保留 {limit} 个 Webhook。",
    "not-delivered": "该 Webhook 的投递记录中没有这个事件。",
    "nothing-fails": "该 Webhook 当前没有投递失败的事件。",
    "malformed-number": "证书编号格式不正确。",
}
"""Chinese texts by code."""
