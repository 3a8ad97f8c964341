"""What a browser is shown when a sign-in failed: why in a few words, and a way to begin again."""

from __future__ import annotations

from fastapi import Request, Response

from gateway.adapters.http.problems import render
from gateway.adapters.pages.render import page
from gateway.adapters.pages.views import language
from shared.kernel.refusals import Refusal

WORDS = {
    "title": ("未能登录", "You are not signed in"),
    "again": ("重新登录", "Sign in again"),
    "sign-in-lost": (
        "本次登录不是在此浏览器中开始的，或已超过十分钟。请重新登录，并允许本网站的 Cookie。",
        "This sign-in was not begun in this browser, or took more than ten minutes. Begin again, and allow cookies here.",
    ),
    "sign-in-refused": (
        "身份认证系统未能完成登录，或该账号在本平台没有权限。",
        "The identity provider did not sign you in, or the account has no rights on this platform.",
    ),
    "bad-return": ("登录后要返回的地址不属于本网站。", "The address to come back to is not one of this site."),
    "no-sign-in": ("此处未启用浏览器登录。", "Signing in with a browser is not set up here."),
    "upstream-down": (
        "身份认证系统暂时没有响应，请稍后再试。",
        "The identity provider does not answer now; try again shortly.",
    ),
}
"""Texts in Chinese and English; problems by their code."""


def refused_page(request: Request, refusal: Refusal) -> Response:
    """A page for a browser, the usual problem for a program; both with the status and headers of the refusal."""
    locale = language(request, None)
    plain = render(refusal, locale)
    if "text/html" not in request.headers.get("accept", "") or refusal.code not in WORDS:
        return plain
    index = 0 if locale == "zh-CN" else 1
    words = {name: said[index] for name, said in WORDS.items()}
    kept = {name: plain.headers[name] for name in ("retry-after",) if name in plain.headers}
    return page("sign_in", locale, plain.status_code, headers=kept, words=words, code=refusal.code)
