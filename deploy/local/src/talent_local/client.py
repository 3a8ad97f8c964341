"""Talking to the running platform: a token from the issuer, requests through the gateway."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from talent_local.home import Home
from talent_local.issuer.grants import DEVELOPMENT_GRANT
from talent_local.trouble import Trouble

TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, decoded body (JSON or text) and headers with lower-case names."""

    status: int
    body: Any
    headers: dict[str, str]


def origin(home: Home, name: str) -> str:
    """Where a process listens.

    Raises:
        Trouble: when the platform was never started here.
    """
    ports = home.read("ports")
    if ports is None:
        raise Trouble("The platform was never started here.", "Start it with: talent up")
    return f"http://127.0.0.1:{ports[name]}"


def token(home: Home, **form: str) -> str:
    """An access token: `username`, or `subject` with `roles` (space-separated) and `organisation`, or `client`.

    Raises:
        Trouble: when the issuer refuses or does not answer.
    """
    client = form.pop("client", None)
    if client is not None:
        known = json.loads((home.keys / "secrets.json").read_text())
        secret = known.get(f"client.{client}")
        if secret is None:
            raise Trouble(f"There is no machine client '{client}'.", "`talent token --list` names them.")
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    else:
        form["grant_type"] = DEVELOPMENT_GRANT
    answer = send(
        "POST",
        f"{origin(home, 'issuer')}/token",
        urllib.parse.urlencode(form).encode(),
        {"content-type": "application/x-www-form-urlencoded"},
    )
    if answer.status != 200:
        told = answer.body if isinstance(answer.body, dict) else {}
        raise Trouble(f"No token: {told.get('error_description', answer.body)}")
    return str(answer.body["access_token"])


def call(home: Home, method: str, path: str, bearer: str, body: Any = None) -> Answer:
    """One request through the gateway."""
    headers = {"authorization": f"Bearer {bearer}", "accept": "application/json"}
    content = None
    if body is not None:
        content = json.dumps(body, ensure_ascii=False, default=str).encode()
        headers["content-type"] = "application/json"
    return send(method, origin(home, "gateway") + path, content, headers)


def say(method: str, origin_: str, path: str, bearer: str, body: Any) -> Answer:
    """Put or post a document through the gateway at an origin."""
    headers = {"authorization": f"Bearer {bearer}", "accept": "application/json", "content-type": "application/json"}
    return send(method, origin_ + path, json.dumps(body, ensure_ascii=False, default=str).encode(), headers)


def send(method: str, url: str, content: bytes | None, headers: dict[str, str]) -> Answer:
    """One HTTP request to a process of this machine; an error status is an answer.

    Raises:
        Trouble: when nobody answers.
    """
    request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310 - origins are our own, http only
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            return _answer(response.status, response.read(), response.headers)
    except urllib.error.HTTPError as error:
        return _answer(error.code, error.read(), error.headers)
    except OSError as error:
        raise Trouble(
            f"{url} does not answer ({error}).", "Does the platform run? `talent status`, `talent up`"
        ) from error


def _answer(status: int, content: bytes, headers: Any) -> Answer:
    text = content.decode("utf-8", "replace")
    names = {name.lower(): value for name, value in headers.items()}
    if "json" in names.get("content-type", ""):
        return Answer(status, json.loads(text), names)
    return Answer(status, text, names)
