"""Public verification of certificates: a form without a script, the target of the QR code, and JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field, model_validator

from gateway.adapters.pages.forms import read_form
from gateway.adapters.pages.render import page
from gateway.adapters.pages.verify_words import VERIFY
from gateway.adapters.pages.views import language
from gateway.adapters.papers.reader import PaperReader
from gateway.adapters.refusals import TooMany, UpstreamDown
from gateway.adapters.verification import MEMBERS, Verifications
from shared.http.guards import public
from shared.http.problems import READ_PROBLEMS, locale_of
from shared.http.resources import Body, Resource
from shared.http.running import Running
from shared.kernel.refusals import Malformed

router = APIRouter(tags=["verification"])

Door = Annotated[Running[Any], Depends(public("anybody may check a certificate; throttled per address"))]


class VerificationBody(Body):
    """Exactly one of: number and name, the token of the QR code, or a credential file."""

    number: str | None = Field(default=None, min_length=1, max_length=64)
    name: str | None = Field(
        default=None, min_length=1, max_length=120, description="second factor, as on the certificate"
    )
    token: str | None = Field(default=None, min_length=1, max_length=200)
    credential: str | None = Field(
        default=None,
        min_length=1,
        max_length=16_000,
        description="JWT, JSON with proof, or what the offline QR code says",
    )

    @model_validator(mode="after")
    def one_question(self) -> VerificationBody:
        """Exactly one way to ask."""
        ways = [self.number is not None and self.name is not None, self.token is not None, self.credential is not None]
        if sum(ways) != 1 or (self.number is None) != (self.name is None):
            raise ValueError("give number and name, or token, or credential")
        return self


class Verification(Resource):
    """What the public is told."""

    status: str = Field(description="valid, suspended, revoked, reissued, expired, tampered or not-found")
    name: str | None = None
    programme: dict[str, str] | str | None = None
    issued_on: str | None = None
    valid_until: str | None = None
    replaced_by: str | None = Field(None, description="number of the certificate that took the place of a reissued one")


@router.post("/v1/verifications", response_model=Verification, responses=READ_PROBLEMS)
async def verify(body: VerificationBody, request: Request, running: Door) -> Response:
    """Check a certificate. The answer to an unknown number and to a wrong name is the same."""
    found = await _ask(request, running, body.model_dump(exclude_none=True))
    return Response(Verification(**found).model_dump_json(), 200, {"cache-control": "no-store"}, "application/json")


@router.get("/verify", include_in_schema=False)
async def verify_form(request: Request, running: Door, lang: str | None = None) -> Response:
    """The empty form."""
    del running
    return _page(request, lang)


@router.post("/verify", include_in_schema=False)
async def verify_posted(request: Request, running: Door) -> Response:
    """The form, filled in: number and name."""
    try:
        fields = read_form(request.headers.get("content-type", ""), await request.body())
        number, name = (fields.get(field, b"").decode().strip() for field in ("number", "name"))
    except (Malformed, UnicodeDecodeError):
        return _page(request, None, 400, message="malformed-number")
    if not 0 < len(number) <= 64 or not 0 < len(name) <= 120:
        return _page(request, None, 400, message="malformed-number")
    return await _answered(request, running, {"number": number, "name": name})


@router.post("/verify/file", include_in_schema=False)
async def verify_file(request: Request, running: Door) -> Response:
    """A certificate as a file (PDF, JWT, JSON), or the text of one or of the offline QR code; nothing of it is kept."""
    try:
        fields = read_form(request.headers.get("content-type", ""), await request.body())
        content = fields.get("file") or fields.get("text") or b""
        running.extras["throttle"].take(running.extras["address"](request))
        papers: PaperReader = running.extras["papers"]
        paper = await papers.read(content)
    except TooMany as refusal:
        return _busy(request, refusal)
    except Malformed:
        return _page(request, None, 400, message="unreadable-file")
    if not paper.intact:
        return _page(request, None, found=dict.fromkeys(MEMBERS) | {"status": "tampered"})
    return await _answered(request, running, {"credential": paper.credential}, counted=True)


@router.get("/verify/{token}", include_in_schema=False)
async def verify_scanned(
    request: Request, running: Door, token: Annotated[str, Path(min_length=8, max_length=200)]
) -> Response:
    """Where the QR code leads."""
    return await _answered(request, running, {"token": token})


async def _ask(
    request: Request, running: Running[Any], question: dict[str, str], *, counted: bool = False
) -> dict[str, Any]:
    if not counted:
        running.extras["throttle"].take(running.extras["address"](request))
    if "number" in question:
        running.extras["numbers"].take_number(question["number"])
    verifications: Verifications = running.extras["verifications"]
    return await verifications.ask(question, locale_of(request))


async def _answered(
    request: Request, running: Running[Any], question: dict[str, str], *, counted: bool = False
) -> Response:
    try:
        return _page(request, None, found=await _ask(request, running, question, counted=counted))
    except TooMany as refusal:
        return _busy(request, refusal)
    except Malformed:
        return _page(request, None, 400, message="malformed-number" if "number" in question else "unreadable-file")
    except UpstreamDown:
        return _page(request, None, 503, message="down", headers={"retry-after": "5"})


def _busy(request: Request, refusal: TooMany) -> Response:
    wait = str(refusal.values["retry_after"])
    return _page(request, None, 429, message="busy", wait=wait, headers={"retry-after": wait})


def _page(
    request: Request,
    lang: str | None,
    status: int = 200,
    *,
    found: dict[str, Any] | None = None,
    message: str | None = None,
    wait: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    shown = {"found": found, "message": message, "wait": wait, "words": VERIFY}
    return page("verify", language(request, lang), status, headers=headers, **shown)
