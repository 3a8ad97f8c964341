"""The grants: client credentials, authorization code with PKCE, and one for development that needs no sign-in."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from cachetools import TTLCache

from talent_local.issuer.seed import Client, Person, Seed, parse_roles

DEVELOPMENT_GRANT: Final = "urn:talent:params:oauth:grant-type:development"
CODE_SECONDS: Final = 60
_SUBJECT = re.compile(r"[A-Za-z0-9._:-]{1,120}")
_ORGANISATION = re.compile(r"[A-Za-z0-9._/-]{0,200}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class GrantRefused(Exception):
    """The request gets no token; `error` is the OAuth 2.0 code, the message is for the developer."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True, slots=True)
class SignIn:
    """A code that was given to a browser: for whom, for which client and address, under which challenge."""

    person: Person
    client: str
    redirect_uri: str
    challenge: str
    nonce: str | None


class Grants:
    """Decides who gets a token.

    Args:
        seed: people and clients.
        client_secrets: secret of each machine client, by client id.
    """

    def __init__(self, seed: Seed, client_secrets: Mapping[str, str]) -> None:
        self.seed = seed
        self._secrets = client_secrets
        self._codes: TTLCache[str, SignIn] = TTLCache(maxsize=1000, ttl=CODE_SECONDS)

    def machine(self, client_id: str, secret: str) -> Person:
        """Client credentials: the machine client itself."""
        client = self.seed.clients.get(client_id)
        known = self._secrets.get(client_id, "")
        if client is None or client.browser or not known or not secrets.compare_digest(known.encode(), secret.encode()):
            raise GrantRefused("invalid_client", "Unknown client or wrong secret.", 401)
        return client.person

    def development(self, form: Mapping[str, str]) -> Person:
        """A seeded person by `username`, or anybody by `subject`, `roles` and `organisation`."""
        username = form.get("username")
        if username:
            person = self.seed.people.get(username)
            if person is None:
                raise GrantRefused("invalid_grant", f"No seeded user '{username}'; `talent token --list` names them.")
            return person
        subject, organisation = form.get("subject", ""), form.get("organisation", "")
        if not _SUBJECT.fullmatch(subject) or not _ORGANISATION.fullmatch(organisation):
            raise GrantRefused("invalid_request", "Give a username, or a subject, roles and an organisation path.")
        try:
            return Person(subject, subject, parse_roles(form.get("roles", "").split()), organisation)
        except ValueError as error:
            raise GrantRefused("invalid_scope", f"{error}.") from error

    def browser_client(self, query: Mapping[str, str]) -> Client:
        """Check an authorization request; what is wrong is shown to the developer, never sent to the address."""
        client = self.seed.clients.get(query.get("client_id", ""))
        if client is None or not client.browser:
            raise GrantRefused("invalid_client", "Unknown browser client.")
        where = urlsplit(query.get("redirect_uri", ""))
        if where.scheme not in {"http", "https"} or where.hostname not in {"127.0.0.1", "localhost"} or where.fragment:
            raise GrantRefused("invalid_request", "redirect_uri must be on the loopback interface, without a fragment.")
        if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256":
            raise GrantRefused("invalid_request", "Only response_type=code with code_challenge_method=S256 is offered.")
        if not _CHALLENGE.fullmatch(query.get("code_challenge", "")):
            raise GrantRefused("invalid_request", "code_challenge must be the base64url SHA-256 of the verifier.")
        return client

    def code(self, query: Mapping[str, str], username: str) -> str:
        """A code for the person who was chosen on the sign-in page; it works once, for 60 seconds."""
        client = self.browser_client(query)
        person = self.seed.people.get(username)
        if person is None:
            raise GrantRefused("access_denied", "Unknown user.")
        code = secrets.token_urlsafe(32)
        self._codes[code] = SignIn(
            person, client.client, query["redirect_uri"], query["code_challenge"], query.get("nonce")
        )
        return code

    def redeem(self, form: Mapping[str, str], client_id: str) -> SignIn:
        """The sign-in behind a code; the code is spent whatever comes of it."""
        sign_in: SignIn | None = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            sign_in is None
            or sign_in.client != client_id
            or sign_in.redirect_uri != form.get("redirect_uri")
            or not secrets.compare_digest(sign_in.challenge, challenge)
        ):
            raise GrantRefused("invalid_grant", "The code is unknown, spent, for another client or address, or stale.")
        return sign_in
