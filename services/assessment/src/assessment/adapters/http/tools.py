"""What the routes of certificates need besides the database: made at start-up, found with the running service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from assessment.adapters.certificates.conformance import ConformanceIssuer
from assessment.adapters.certificates.keys import KeyRing
from assessment.adapters.certificates.mint import LocalMint
from assessment.adapters.certificates.names import SelectionNames
from assessment.adapters.certificates.status_lists import StatusLists
from assessment.adapters.papers.press import Press
from assessment.settings import AssessmentSettings
from assessment.usecases.ports import NameSource
from shared.credentials.keys import did_web
from shared.http.running import Running
from shared.identity.calling import ServiceCaller
from shared.identity.tokens import TokenSigner
from shared.kernel.clock import Clock, SystemClock
from shared.vault import Vault

_NAME = "certificates"


@dataclass(slots=True, kw_only=True)
class CertificateTools:
    """The mint, where names come from, the press that prints, and the clock of whoever checks offline."""

    mint: LocalMint
    status_lists: StatusLists
    names: NameSource
    public_url: str
    presses: list[Press]
    vault: Vault
    machine_clock: Clock = field(default_factory=SystemClock)
    conformance: ConformanceIssuer | None = None

    @property
    def press(self) -> Press:
        """The press for single papers."""
        return self.presses[0]


def tools_of(running: Running[Any]) -> CertificateTools:
    """The tools of a running service."""
    return cast(CertificateTools, running.extras[_NAME])


@asynccontextmanager
async def certificate_tools(running: Running[Any]) -> AsyncIterator[None]:
    """Make the tools from the settings for as long as the service runs.

    Raises:
        OSError, ValueError: a key file is missing or holds another kind of key.
    """
    settings = cast(AssessmentSettings, running.settings)
    public_url = settings.public_url.rstrip("/")
    caller = ServiceCaller(
        settings.selection_url, "selection", TokenSigner(settings.signing_key, "assessment"), "assessment"
    )
    token = settings.signer_token.get_secret_value() if settings.signer_token else None
    issuer = did_web(public_url)
    ring = KeyRing(settings.certificate_key, settings.certificate_keys_retired, issuer, token)
    vault = Vault(settings.vault_key.get_secret_value(), settings.retired_vault_keys)
    mint = LocalMint(vault, ring, public_url)
    presses = [
        Press(settings.seal_key, settings.seal_certificates, settings.seal_timestamps) for _ in range(settings.presses)
    ]
    running.extras[_NAME] = CertificateTools(
        mint=mint,
        status_lists=StatusLists(mint.forms, issuer, public_url),
        names=SelectionNames(caller),
        public_url=public_url,
        presses=presses,
        vault=vault,
        conformance=ConformanceIssuer(settings.vc_api_key) if settings.vc_api_key else None,
    )
    try:
        yield
    finally:
        for press in presses:
            await press.close()
        await caller.close()
