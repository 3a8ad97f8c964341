"""Vault, cursors, wordings."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.cursors import Cursors, binding
from shared.http.problems import Wording
from shared.kernel.refusals import Malformed
from shared.testing.service import VAULT_KEY
from shared.vault import SealBroken, Vault

VAULT = Vault(VAULT_KEY)


@given(st.text())
def test_what_is_sealed_opens_at_its_place_only(secret: str) -> None:
    """events.md 5.3: a ciphertext moved to another row, column or person does not open."""
    key, other = VAULT.new_key("p1"), VAULT.new_key("p2")
    sealed = VAULT.seal(key, "p1", "person|phone|p1", secret)

    assert VAULT.open(key, "p1", "person|phone|p1", sealed) == secret
    for wrong in [(key, "p1", "person|phone|p2"), (other, "p2", "person|phone|p1"), (key, "p2", "person|phone|p1")]:
        with pytest.raises(SealBroken):
            VAULT.open(*wrong, sealed)


def test_a_changed_byte_breaks_the_seal() -> None:
    """Authenticated encryption: no byte may change."""
    key = VAULT.new_key("p1")
    sealed = bytearray(VAULT.seal(key, "p1", "here", "secret"))
    sealed[-1] ^= 1

    with pytest.raises(SealBroken):
        VAULT.open(key, "p1", "here", bytes(sealed))


def test_blind_indexes_are_keyed_and_separate_by_domain() -> None:
    """Equal values find each other only inside one domain and under one key."""
    assert VAULT.blind_index("id", "1") == VAULT.blind_index("id", "1") != VAULT.blind_index("phone", "1")
    assert Vault("A" * 43 + "=").blind_index("id", "1") != VAULT.blind_index("id", "1")


def test_a_rotated_key_keeps_everything_open_until_it_is_dropped() -> None:
    """Rewrapping changes the wrapping only: old ciphertexts open, and the retired key is needed no more."""
    new = base64.b64encode(b"n" * 32).decode()
    key = VAULT.new_key("p1")
    sealed = VAULT.seal(key, "p1", "here", "secret")
    both, after = Vault(new, [VAULT_KEY]), Vault(new)

    rewrapped = both.rewrap(key, "p1")

    assert both.open(key, "p1", "here", sealed) == after.open(rewrapped, "p1", "here", sealed) == "secret"
    assert (VAULT.wrapped_by(key), both.wrapped_by(rewrapped)) == (VAULT.key_id, after.key_id)
    assert both.blind_indexes("id", "1") == [after.blind_index("id", "1"), VAULT.blind_index("id", "1")]
    for vault, wrapped, owner in [(after, key, "p1"), (VAULT, rewrapped, "p1"), (both, rewrapped, "p2")]:
        with pytest.raises(SealBroken):
            vault.open(wrapped, owner, "here", sealed)


def test_a_key_wrapped_before_keys_had_ids_still_opens() -> None:
    """What an earlier edition wrapped carries no id; every known key is tried."""
    old = VAULT.new_key("p1")[6:]

    assert VAULT.wrapped_by(old) is None
    assert Vault(base64.b64encode(b"n" * 32).decode(), [VAULT_KEY]).rewrap(old, "p1")[:2] == b"A2"


def test_a_cursor_is_bound_to_its_list_and_cannot_be_forged() -> None:
    """gateway.md: opaque, signed, bound to the filters."""
    cursors, here, there = Cursors("a secret of the tests"), binding("a", {"x": 1}), binding("a", {"x": 2})
    cursor = cursors.make(here, ["id"])

    assert cursors.read(here, cursor) == ["id"]
    for bound, value in [(there, cursor), (here, cursor[:-2] + "xx"), (here, ""), (here, "💥")]:
        with pytest.raises(Malformed):
            cursors.read(bound, value)
    with pytest.raises(Malformed):
        Cursors("another secret of tests").read(here, cursor)


def test_cursors_outlive_a_rotation_of_their_secret() -> None:
    """Whoever pages while the secret is rotated goes on: replicas with the earlier and the next secret read each other."""
    here = binding("a", {})
    earlier, following = (
        Cursors("the earlier secret", ["the next secret"]),
        Cursors("the next secret", ["the earlier secret"]),
    )

    assert following.read(here, earlier.make(here, ["id"])) == ["id"]
    assert earlier.read(here, following.make(here, ["id"])) == ["id"]
    with pytest.raises(Malformed):
        Cursors("the next secret").read(here, earlier.make(here, ["id"]))


def test_words_are_found_in_the_callers_language() -> None:
    """A wording with a missing value is given as it stands, never an error."""
    wording = Wording({"no-place": "名额{node}已满。"})

    assert wording.detail("zh-CN", "no-place", "No place in {node}.", None, {"node": "5401"}) == "名额5401已满。"
    assert wording.detail("zh-CN", "no-place", "-", None, {}) == "名额{node}已满。"
    assert wording.detail("zh-CN", "unheard", "English", None, {}) == "English"
    assert wording.detail("en", "no-place", "English", "中文", {}) == "English"
