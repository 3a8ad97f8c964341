"""Signatures over documents: the key may be replaced while the service runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from joserfc.jwk import KeySet, OKPKey

from shared.identity.signatures import DocumentSigner, SignatureRefused, verify_signature

PAYLOAD = b"what was decided"


def made(kid: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"})


def put(path: Path, key: OKPKey) -> None:
    """As a projected secret is replaced: a new file in the place of the old one."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(key.as_dict(private=True)))
    new.replace(path)


def test_a_replaced_key_signs_from_then_on(tmp_path: Path) -> None:
    """Nobody starts the service anew; what the key before it signed is still verified."""
    path, first, second = tmp_path / "key.json", made("selection-1"), made("selection-2")
    put(path, first)
    signer = DocumentSigner(path, "selection")
    before = signer.sign(PAYLOAD, kind="filing")
    put(path, second)
    after = signer.sign(PAYLOAD, kind="filing")

    assert verify_signature(after, PAYLOAD, KeySet([second]), kind="filing") == "selection"
    with pytest.raises(SignatureRefused):
        verify_signature(after, PAYLOAD, KeySet([first]), kind="filing")
    assert verify_signature(before, PAYLOAD, KeySet([first, second]), kind="filing") == "selection"


@pytest.mark.parametrize("content", ["", "{}", "half of {", "another's", "gone"])
def test_a_replacement_that_is_no_key_of_the_service_leaves_the_one_in_force(tmp_path: Path, content: str) -> None:
    """Half a file, somebody else's key, or no file at all; the right one is taken when it comes."""
    path, first, second = tmp_path / "key.json", made("selection-1"), made("selection-2")
    put(path, first)
    signer = DocumentSigner(path, "selection")
    if content == "another's":
        put(path, made("funding-1"))
    elif content == "gone":
        path.unlink()
    else:
        path.write_text(content)

    meanwhile = signer.sign(PAYLOAD, kind="filing")
    put(path, second)

    assert verify_signature(meanwhile, PAYLOAD, KeySet([first]), kind="filing") == "selection"
    assert verify_signature(signer.sign(PAYLOAD, kind="filing"), PAYLOAD, KeySet([second]), kind="filing")


def test_a_service_does_not_start_with_another_services_key(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    put(path, made("funding-1"))

    with pytest.raises(ValueError, match="does not belong to selection"):
        DocumentSigner(path, "selection")
