"""The compose files: held to what they promise, without an engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import yaml

from shared.testing.opstools import ROOT
from talent_local.composing import prepare

MEMBERS = ("selection", "placement", "assessment", "funding", "gateway")
JOBS = {"topics", *(f"{member}-migrate" for member in MEMBERS)}
UNASKED = {"collector"}
"""Containers without a program that could ask; Prometheus scrapes them instead."""
WRITABLE = {"keycloak"}
"""Containers whose program writes below its own root."""
PROCESS = {"TALENT_DEVELOPMENT", "ISSUER_HOST", "ISSUER_PORT", "ISSUER_URL", "ISSUER_KEY", "ISSUER_SECRETS"}
PROCESS |= {"ISSUER_SEED", "ISSUER_AUDIENCE"}


def _services() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every service of the compose file, and those that the file of development adds."""
    base = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    added = yaml.safe_load((ROOT / "deploy" / "compose" / "development.yml").read_text())["services"]
    yield from base.items()
    yield from ((name, service) for name, service in added.items() if name not in base)


SERVICES = dict(_services())
ADDED = yaml.safe_load((ROOT / "deploy" / "compose" / "development.yml").read_text())["services"]
OURS = {name: one for name, one in SERVICES.items() if str(one["image"]).split(":-")[-1].startswith("talent-")}


def test_every_member_is_there_with_its_processes() -> None:
    for member in MEMBERS:
        for process in ("", "-worker", "-migrate"):
            module = {"": "api", "-worker": "worker", "-migrate": "migrate"}[process]
            assert SERVICES[f"{member}{process}"]["command"] == ["python", "-m", f"{member}.{module}"]


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_open_beyond_this_machine(name: str) -> None:
    ports = [*SERVICES[name].get("ports", []), *ADDED.get(name, {}).get("ports", [])]
    assert all(str(port).startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", SERVICES)
def test_every_process_is_confined(name: str) -> None:
    service = SERVICES[name]
    account = int(str(service["user"]).partition(":")[0])
    assert account >= (10_000 if name in OURS else 1)
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is (name not in WRITABLE)
    assert not service.get("privileged")
    assert {"mem_limit", "cpus", "pids_limit"} <= service.keys()
    assert "docker.sock" not in str(service)


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_one_version(name: str) -> None:
    """A default names a version, and a house may name a digest instead."""
    named = re.fullmatch(r"\$\{[A-Z]+_IMAGE:-(?P<default>[^}]+)\}", SERVICES[name]["image"])
    assert named
    tag = named["default"].rpartition(":")[2]
    assert tag != "latest"
    assert (tag == "dev") is (name in OURS)


@pytest.mark.parametrize("name", SERVICES)
def test_health_means_something(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    if name in JOBS | UNASKED:
        assert check == {"disable": True}
        return
    assert {"test", "interval", "timeout", "retries", "start_period"} <= check.keys()
    if name in OURS:
        assert check["test"][:5] == ["CMD", "python", "-S", "-m", "shared.probe"]
        assert check["test"][5] == ("live" if name.endswith("-worker") else "ready")


def test_what_waits_waits_for_the_right_end() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if other in JOBS else "service_healthy"
            assert how == {"condition": wanted}, name
    for member in MEMBERS:
        assert f"{member}-migrate" in SERVICES[member]["depends_on"]
        assert {f"{member}-migrate", "topics"} == SERVICES[f"{member}-worker"]["depends_on"].keys()
        assert "kafka" not in SERVICES[member]["depends_on"], "with the broker down an API stays up"


def test_every_setting_exists() -> None:
    for name in OURS:
        member = name.partition("-")[0]
        given = {**SERVICES[name].get("environment", {}), **ADDED.get(name, {}).get("environment", {})}
        if name == "issuer":
            assert given.keys() <= PROCESS
            continue
        member = "gateway" if name == "topics" else member
        settings = getattr(import_module(f"{member}.settings"), f"{member.capitalize()}Settings")
        known = {f"{member}_{field}".upper() for field in settings.model_fields}
        assert given.keys() <= known | {"OTEL_EXPORTER_OTLP_ENDPOINT"}, name
        assert all(value != "" and not isinstance(value, bool | int) for value in given.values()), name


def test_no_secret_stands_in_an_environment(tmp_path: Any) -> None:
    """What is secret is a file; together, files and environment are all that a member needs to start."""
    prepare(tmp_path)
    for name in OURS.keys() - {"issuer"}:
        member = "gateway" if name == "topics" else name.partition("-")[0]
        assert not [key for key in SERVICES[name]["environment"] if re.search("SECRET|PASSWORD|_KEYS?$|DATABASE", key)
                    and not SERVICES[name]["environment"][key].startswith("/run/secrets/talent/")]  # fmt: skip
        files = {path.name for path in (tmp_path / member).iterdir()}
        pointed = {
            value.rpartition("/")[2]
            for value in SERVICES[name]["environment"].values()
            if value.startswith("/run/secrets/talent/")
        }
        assert pointed <= files
        settings = getattr(import_module(f"{member}.settings"), f"{member.capitalize()}Settings")
        needed = {f"{member}_{field}" for field, told in settings.model_fields.items() if told.is_required()}
        given = {key.lower() for key in SERVICES[name]["environment"]} | files
        assert needed <= given


def test_secrets_are_drawn_once_and_closed(tmp_path: Any) -> None:
    root = tmp_path / "state"
    prepare(root)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.parent.name != "keys"}
    prepare(root)
    assert {path: path.read_bytes() for path in before} == before
    assert root.stat().st_mode & 0o777 == 0o700
    assert (root / "keys").stat().st_mode & 0o777 == 0o700
    drawn = [path.read_text() for path in (root / "postgres").iterdir()]
    assert len(set(drawn)) == len(drawn) == len(MEMBERS) + 1
    assert min(map(len, drawn)) >= 43


def test_what_is_mounted_of_this_tree_exists() -> None:
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source = str(mount).partition(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).exists(), source


def test_development_stays_apart() -> None:
    """The issuer that gives tokens to everybody and the clock that can be set are in no file but that of development."""
    text = (ROOT / "docker-compose.yml").read_text()
    assert "TALENT_DEVELOPMENT" not in text
    assert "CLOCK_FILE" not in text
    assert "ports" not in SERVICES["postgres"]
