"""Where a walk goes: the platform of processes, or one in containers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.kernel.clock import FileClock
from talent_local.cohort.road.site import Site
from talent_local.composing import prepare
from talent_local.home import Home
from talent_local.trouble import Trouble

NINE = datetime(2024, 7, 1, 1, tzinfo=UTC)


def test_the_platform_of_processes_has_its_clock_and_databases_at_home(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    home.write("ports", {"gateway": 1, "issuer": 2})
    site = Site.here(home)
    assert (site.gateway, site.issuer) == ("http://127.0.0.1:1", "http://127.0.0.1:2")
    site.set_clock("2024-07-01")
    assert FileClock(home.clock).now() == NINE
    assert "dbname=funding" in site.dsn("funding") or "/funding" in site.dsn("funding")


def test_containers_read_a_clock_that_is_mounted(tmp_path: Path) -> None:
    prepare(tmp_path)
    site = Site.elsewhere(Home(tmp_path), "http://127.0.0.1:8080/", "http://127.0.0.1:8090", "127.0.0.1:5433")
    assert site.gateway == "http://127.0.0.1:8080"
    site.set_clock("2024-06-01")
    site.set_clock("2024-07-01")
    clock = tmp_path / "clock" / "clock"
    assert FileClock(clock).now() == NINE
    assert clock.stat().st_mode & 0o777 == 0o644
    password = (tmp_path / "postgres" / "funding").read_text()
    assert site.dsn("funding") == f"host=127.0.0.1 port=5433 dbname=funding user=funding password={password}"


def test_a_folder_that_nobody_filled_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        Site.elsewhere(Home(tmp_path), "", "", "")
