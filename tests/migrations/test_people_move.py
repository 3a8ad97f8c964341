"""The move of sealed attributes into the vault's table keeps every value readable, there and back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from shared.embedded_postgres import EmbeddedPostgres
from shared.testing.service import VAULT_KEY
from shared.vault import SealBroken, Vault
from shared.work.migrations import alembic_config, migrate


def test_sealed_values_move_and_come_back(postgres: EmbeddedPostgres) -> None:
    """Selection 0006: identity number and telephone become vault items that open; a downgrade puts them back."""
    postgres.drop_database("migrations_people")
    postgres.create_database("migrations_people", owner="selection")
    url = postgres.uri("migrations_people", user="selection", driver="psycopg")
    vault, person = Vault(VAULT_KEY), str(uuid4())
    key = vault.new_key(person)
    row = {
        "id": person, "key": key, "index": vault.blind_index("identity-number", "540102199001011234"),
        "identity": vault.seal(key, person, f"person|identity_sealed|{person}", "540102199001011234"),
        "phone": vault.seal(key, person, f"person|phone_sealed|{person}", "13800000000"),
    }  # fmt: skip
    migrate("selection", url, "0005")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO person (id, account, name_zh, birth_date, wrapped_key, identity_sealed, identity_index, "
                "phone_sealed) VALUES (:id, 'a-1', '甲', '1990-01-01', :key, :identity, :index, :phone)"
            ),
            row,
        )

    migrate("selection", url, "0006")
    with engine.begin() as connection:
        items = {each.attribute: bytes(each.sealed) for each in connection.execute(text("SELECT * FROM vault_item"))}
        connection.execute(text("UPDATE person SET identity_sealed = NULL, phone_sealed = NULL"))
    command.downgrade(alembic_config("selection", url), "0005")
    with engine.begin() as connection:
        back = connection.execute(text("SELECT identity_sealed, phone_sealed FROM person")).one()
    engine.dispose()

    assert set(items) == {"identity-number", "phone"}
    assert vault.open(key, person, f"person|identity_sealed|{person}", items["identity-number"]) == "540102199001011234"
    assert vault.open(key, person, f"person|phone_sealed|{person}", bytes(back.phone_sealed)) == "13800000000"
    with pytest.raises(SealBroken):
        vault.open(key, person, f"person|phone_sealed|{person}", items["identity-number"])
