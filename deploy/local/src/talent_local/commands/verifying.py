"""`talent verify`: check a certificate from a file, with keys and status lists from files; no network, no platform."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from shared.credentials.checking import LONGEST, Finding, StatusLists, Verdict, check
from shared.credentials.keys import BadKey, IssuerKeys
from talent_local.trouble import Trouble

EXIT: Final = {
    Finding.VALID: 0,
    Finding.UNKNOWN_STATUS: 3,
    Finding.EXPIRED: 4,
    Finding.NOT_YET: 4,
    Finding.REVOKED: 5,
    Finding.SUSPENDED: 6,
    Finding.FORGED: 7,
    Finding.REISSUED: 8,
}
"""Exit status by finding; 1 is trouble with a file, 2 a wrong command line."""
_MOST: Final = 20_000_000


def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="credential, scanned QR text, or the PDF")],
    jwks: Annotated[Path | None, typer.Option(help="the issuer's keys: /.well-known/jwks.json", exists=True)] = None,
    did: Annotated[
        Path | None, typer.Option(help="the issuer's DID document: /.well-known/did.json", exists=True)
    ] = None,
    status: Annotated[list[Path] | None, typer.Option(help="a status list; may be given again", exists=True)] = None,
    at: Annotated[datetime | None, typer.Option(help="as of this moment (UTC) instead of now")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Check a certificate offline; exit status 0 valid, 3 status unknown, 4 out of time, 5 revoked, 6 suspended, 7 forged, 8 replaced."""
    keys = _keys(jwks, did)
    now = datetime.now(UTC) if at is None else at.replace(tzinfo=UTC)
    lists = StatusLists([_text(path) for path in status or []], keys, now)
    verdict = _least([check(text, keys, lists, now) for text in _credentials(file)])
    typer.echo(_object(verdict) if as_json else _lines(verdict, lists, bound=did is not None))
    raise typer.Exit(EXIT[verdict.finding])


def _keys(jwks: Path | None, did: Path | None) -> IssuerKeys:
    if jwks is None and did is None:
        raise Trouble(
            "Without the issuer's keys nothing can be verified.",
            "Fetch them once, from the issuer itself: curl -O https://<host>/.well-known/did.json; then add --did did.json",
        )
    try:
        if did is not None:
            return IssuerKeys.of_did(json.loads(_text(did)))
        return IssuerKeys.of_jwks(json.loads(_text(jwks or Path())))
    except (BadKey, ValueError, AttributeError) as error:
        raise Trouble(f"The keys cannot be read: {error}", "Fetch them again from the issuer.") from error


def _credentials(file: Path) -> list[str]:
    """The text of a credential file, or every credential that a PDF carries."""
    raw = file.read_bytes()[:_MOST]
    if not raw.startswith(b"%PDF"):
        return [_decoded(raw[: LONGEST + 1], file)]
    found = [text for text in _attached(raw) if text.lstrip().startswith(("{", "ey"))]
    if not found:
        raise Trouble(
            f"{file} carries no credential.", "Scan its QR code and verify the text, or ask the holder for the file."
        )
    return found


def _attached(raw: bytes) -> list[str]:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        names: Any = PdfFileReader(io.BytesIO(raw)).root["/Names"]["/EmbeddedFiles"]["/Names"]
        contents = [bytes(names[place]["/EF"]["/F"].data) for place in range(1, len(names), 2)]
    except (PdfError, KeyError, TypeError, IndexError, AttributeError):
        return []
    return [content.decode(errors="replace") for content in contents if len(content) <= LONGEST]


def _least(verdicts: list[Verdict]) -> Verdict:
    """The worst of several: a file is worth what the least of its credentials is worth."""
    return min(verdicts, key=lambda verdict: list(Finding).index(verdict.finding))


def _text(path: Path) -> str:
    return _decoded(path.read_bytes()[:_MOST], path)


def _decoded(raw: bytes, path: Path) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Trouble(f"{path} is no text.", "Give a credential, a status list, keys, or a PDF certificate.") from None


def _lines(verdict: Verdict, lists: StatusLists, *, bound: bool) -> str:
    lines = [f"{verdict.finding.value.upper()} ({verdict.form})" + (f": {verdict.reason}" if verdict.reason else "")]
    lines += [f"  {name}: {value}" for name, value in verdict.said.items()]
    lines.append("  revocation: checked against the status lists given" if verdict.status_checked
                 else "  revocation: NOT CHECKED; the signature alone does not say that it still counts")  # fmt: skip
    lines += [f"  note: {note}" for note in lists.refused]
    if not bound:
        lines.append("  note: with --jwks alone the issuer's name is not checked; --did checks it, too")
    return "\n".join(lines)


def _object(verdict: Verdict) -> str:
    said = {
        "finding": verdict.finding.value, "form": verdict.form, "reason": verdict.reason,
        "status_checked": verdict.status_checked, "said": dict(verdict.said),
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False)
