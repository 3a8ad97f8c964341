"""The merged contract, its page, the pages of problem types, and the files the pages need; nothing comes from elsewhere."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response

from gateway.adapters.contract.asyncapi import asyncapi
from gateway.adapters.contract.published import Contract
from gateway.adapters.pages.render import HEADERS, POLICY, page
from gateway.adapters.pages.views import language
from gateway.adapters.refusals import ZH
from shared.http.guards import public
from shared.http.messages import ZH as PLUMBING_ZH
from shared.http.running import Running
from shared.identity.signatures import read_keys
from shared.kernel.refusals import NotFound

router = APIRouter(include_in_schema=False)

Door = Annotated[Running[Any], Depends(public("documentation"))]

STATIC = {
    "style.css": ("gateway.adapters.pages", "static/style.css", "text/css; charset=utf-8"),
    "board.js": ("gateway.adapters.pages", "static/board.js", "text/javascript; charset=utf-8"),
    "docs.js": ("gateway.adapters.pages", "static/docs.js", "text/javascript; charset=utf-8"),
    "noto-serif-tibetan.woff2": ("gateway.adapters.pages", "static/noto-serif-tibetan.woff2", "font/woff2"),
    "noto-serif-tibetan.OFL.txt": (
        "gateway.adapters.pages",
        "static/noto-serif-tibetan.OFL.txt",
        "text/plain; charset=utf-8",
    ),
    "verify.css": ("gateway.adapters.pages", "static/verify.css", "text/css; charset=utf-8"),
    "swagger/swagger-ui-bundle.js": (
        "fastapi_swagger",
        "resources/swagger-ui-bundle.js",
        "text/javascript; charset=utf-8",
    ),
    "swagger/swagger-ui.css": ("fastapi_swagger", "resources/swagger-ui.css", "text/css; charset=utf-8"),
    "swagger/favicon-32x32.png": ("fastapi_swagger", "resources/favicon-32x32.png", "image/png"),
}
"""Every file that may be asked for: package, path in it, media type."""

DOCS_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Swagger UI writes style attributes; scripts stay limited to our own files."""


@router.get("/")
async def front(running: Door) -> Response:
    """Nobody lives at the front door yet: whoever comes, also back from signing in or out, is shown the contract."""
    del running
    return Response(status_code=303, headers={"location": "/docs", "cache-control": "no-store"})


@router.get("/openapi.json")
async def merged_contract(running: Door) -> Response:
    """The merged OpenAPI 3.1 document of all services and the gateway."""
    contract: Contract = running.extras["contract"]
    headers = {"cache-control": "no-cache", "access-control-allow-origin": "*"}
    return Response(await contract.document(), 200, headers, "application/json")


@router.get("/asyncapi.json")
async def published_events(running: Door) -> Response:
    """The AsyncAPI 3 document of everything that is published."""
    del running
    return Response(asyncapi(), 200, {"cache-control": "no-cache"}, "application/json")


@router.get("/.well-known/signing-keys.json")
async def signing_keys(running: Door) -> Response:
    """The public keys (JWKS) with which anyone checks documents and checkpoints that the services signed."""
    keys = read_keys(running.settings.internal_keys).as_dict(private=False)
    return Response(orjson.dumps(keys), 200, {"cache-control": "public, max-age=300"}, "application/jwk-set+json")


@router.get("/docs")
async def docs(request: Request, running: Door, lang: str | None = None) -> Response:
    """Swagger UI over the merged document; works without internet."""
    del running
    return page("docs", language(request, lang), headers={"content-security-policy": DOCS_POLICY})


@router.get("/problems/{code}")
async def problem_type(
    request: Request,
    running: Door,
    code: Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,60}$")],
    lang: str | None = None,
) -> Response:
    """What the ``type`` of a problem resolves to."""
    del running
    locale = language(request, lang)
    text = (PLUMBING_ZH | ZH).get(code, "") if locale == "zh-CN" else ""
    return page("problem", locale, code=code, text=text)


@router.get("/static/{name:path}")
async def static(name: str, running: Door) -> Response:
    """A file of the pages."""
    del running
    if name not in STATIC:
        raise NotFound("not-found", "There is no such file.")
    kept = {"cache-control": "public, max-age=3600", "x-content-type-options": HEADERS["x-content-type-options"]}
    return Response(_content(name), 200, kept, STATIC[name][2])


@cache
def _content(name: str) -> bytes:
    package, path, _ = STATIC[name]
    return files(package).joinpath(path).read_bytes()
