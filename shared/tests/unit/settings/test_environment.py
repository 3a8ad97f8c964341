"""Settings come from variables and, where a folder of secrets is mounted, from its files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import SECRETS, database_url


def test_a_mounted_secret_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file named like its variable, as a Secret of Kubernetes is mounted: behind a link, with a new line at its end."""
    (tmp_path / "..2026").mkdir()
    (tmp_path / "..2026" / "PROBE_DATABASE_URL").write_text("postgresql+asyncpg://from-file\n")
    (tmp_path / "PROBE_DATABASE_URL").symlink_to(tmp_path / "..2026" / "PROBE_DATABASE_URL")
    monkeypatch.setenv(SECRETS, str(tmp_path))

    assert database_url("probe") == "postgresql+asyncpg://from-file"


def test_a_variable_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody sets by hand is meant."""
    (tmp_path / "PROBE_DATABASE_URL").write_text("from-file")
    monkeypatch.setenv(SECRETS, str(tmp_path))
    monkeypatch.setenv("PROBE_DATABASE_URL", "from-variable")

    assert database_url("probe") == "from-variable"


def test_what_is_given_nowhere_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal at start names the setting."""
    monkeypatch.delenv(SECRETS, raising=False)
    with pytest.raises(ValidationError, match="database_url"):
        database_url("probe")
