"""Ports, keys, clock, doctor, applying: what stands between a bare machine and a running platform."""

from __future__ import annotations

import json
import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.identity.tokens import TokenRefused, TokenSigner, TokenVerifier
from shared.kernel.actor import Actor, Role
from shared.kernel.clock import FileClock
from talent_local import doctor
from talent_local.commands.clock import set_clock
from talent_local.commands.programme import documents
from talent_local.home import Home
from talent_local.running import ports
from talent_local.running.keys import ensure_keys
from talent_local.running.plan import KEY_OWNERS, SECRETS, Plan, make_plan
from talent_local.trouble import Trouble


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody else's server on the loopback interface."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", next(port for port in range(20_000, 30_000) if ports.is_free(port))))
        server.listen()
        yield server


def test_a_port_in_use_is_noticed_and_another_chosen(
    home: Home, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The preferred number is only preferred."""
    taken = listener.getsockname()[1]
    monkeypatch.setattr(ports, "PREFERRED", {"gateway": taken})

    chosen = ports.choose(home)

    assert chosen["gateway"] != taken
    assert ports.is_free(chosen["gateway"])
    assert ports.choose(home) == chosen


def test_the_ports_of_running_processes_stay(
    home: Home, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What listens there is ours."""
    own = listener.getsockname()[1]
    monkeypatch.setattr(ports, "PREFERRED", {"gateway": 1})
    home.write("ports", {"gateway": own})

    assert ports.choose(home, ["gateway"]) == {"gateway": own}
    assert ports.choose(home) != {"gateway": own}


def test_keys_are_made_once_and_guarded(home: Home) -> None:
    """The same keys at the next start; nobody else on the machine reads them; the set is public."""
    first = ensure_keys(home, KEY_OWNERS, SECRETS)

    second = ensure_keys(home, KEY_OWNERS, SECRETS)

    assert first == second
    assert stat.S_IMODE(first.private["selection"].stat().st_mode) == 0o600
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700
    published = json.loads(first.internal.read_text())["keys"]
    assert sorted(key["kid"] for key in published) == sorted(f"{name}-1" for name in KEY_OWNERS)
    assert all("d" not in key for key in published)


def test_the_keys_fit_the_internal_tokens(home: Home) -> None:
    """What the gateway signs for selection, selection believes and placement does not."""
    keys = ensure_keys(home, KEY_OWNERS, SECRETS)
    signed = TokenSigner(keys.private["gateway"], "gateway").sign(
        Actor("a", "cn", frozenset({Role.OPERATOR})), "selection"
    )

    assert TokenVerifier(keys.internal, "selection").verify(signed).subject == "a"
    with pytest.raises(TokenRefused):
        TokenVerifier(keys.internal, "placement").verify(signed)


def test_the_plan_survives_being_written(home: Home) -> None:
    """The supervisor reads what the command wrote; secrets are in it, so nobody else reads it."""
    keys = ensure_keys(home, KEY_OWNERS, SECRETS)
    plan = make_plan(home, ports=ports.PREFERRED, keys=keys, event_log="kafka://127.0.0.1:9092", own_broker=True)

    plan.write(home)

    assert Plan.read(home) == plan
    assert [recipe.name for recipe in plan.programs] == [
        "issuer", "selection", "placement", "assessment", "funding", "gateway"
    ]  # fmt: skip
    assert stat.S_IMODE((home.root / "plan.json").stat().st_mode) == 0o600


def test_a_never_started_platform_says_so(home: Home) -> None:
    """Every command that needs the plan tells how to get one."""
    with pytest.raises(Trouble, match="never started") as refused:
        Plan.read(home)

    assert "talent up" in refused.value.advice


def test_an_unwritable_place_is_refused_with_advice(tmp_path: Path) -> None:
    """A file where the directory should be stands for every place that cannot be written to."""
    (tmp_path / "file").write_text("")

    with pytest.raises(Trouble, match="cannot be written") as refused:
        Home(tmp_path / "file" / "home").create()

    assert "TALENT_HOME" in refused.value.advice


def test_the_clock_stands_where_it_is_set(home: Home) -> None:
    """A date means nine in the morning in Beijing; services see the same moment."""
    set_clock(home, "2024-07-01")

    assert FileClock(home.clock).now() == datetime(2024, 7, 1, 1, tzinfo=UTC)
    with pytest.raises(Trouble):
        set_clock(home, "yesterday")


def test_the_doctor_names_what_is_missing_and_what_to_do(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line that is not well carries advice."""
    monkeypatch.setattr(doctor, "PACKAGES", ("shared", "no_such_package_here"))
    monkeypatch.setattr(doctor, "NEEDED_BYTES", 2**62)
    monkeypatch.setattr(doctor, "java_version", lambda: 11)
    monkeypatch.setenv("PATH", "")

    findings = doctor.examine(home)

    missing = [finding.what for finding in findings if finding.mark == "missing"]
    assert any("no_such_package_here" in what for what in missing)
    assert any("free on the disk" in what for what in missing)
    assert any("but 11" in finding.what for finding in findings)
    assert all(finding.advice for finding in findings if finding.mark != "ok")


def test_batches_are_applied_after_the_one_they_inherit_from(tmp_path: Path) -> None:
    """Batch 4 overrides batch 3, so batch 3 is there first, whatever the folders are called."""
    for name, text in {"a-new": "inherits: b-old\n", "b-old": "x: 1\n"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "selection.yaml").write_text(text)
    (tmp_path / "b-old" / "programme.yaml").write_text("target: 180\n")

    found = documents(tmp_path)

    code = tmp_path.name
    assert [path for path, _ in found] == [
        f"/v1/selection/policies/{code}/b-old",
        f"/v1/selection/programmes/{code}/batches/b-old",
        f"/v1/selection/policies/{code}/a-new",
    ]


def test_batches_that_inherit_in_a_circle_are_refused(tmp_path: Path) -> None:
    """Neither can be first."""
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "funding.yaml").write_text(f"inherits: {other}\n")

    with pytest.raises(Trouble, match="circle"):
        documents(tmp_path)
