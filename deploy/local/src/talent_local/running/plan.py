"""The plan: which servers and programs make up the platform here, as data in `plan.json`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from talent_local.home import Home, checkout
from talent_local.running.keys import Keys
from talent_local.running.ports import HOST
from talent_local.running.servers import SERVICES, postgres, servers
from talent_local.running.units import Program, Recipe, Unit
from talent_local.trouble import Trouble

AUDIENCE: Final = "talent-gateway"
KEY_OWNERS: Final = (*SERVICES, "gateway")
NOTHING: Final[Mapping[str, str]] = {}
SECRETS: Final = tuple(f"{kind}.{name}" for name in KEY_OWNERS for kind in ("cursor", "vault"))


@dataclass(frozen=True, slots=True)
class Plan:
    """Servers by name and programs by recipe, in the order in which they start.

    Attributes:
        servers: `postgres`, and `kafka` when the broker is ours.
        programs: issuer, services, gateway.
    """

    servers: list[str]
    programs: list[Recipe]

    def units(self, home: Home) -> dict[str, Unit]:
        """Everything that is kept running, servers first."""
        return servers(home, self.servers) | {recipe.name: Program(home, recipe) for recipe in self.programs}

    def recipe(self, name: str) -> Recipe | None:
        """The recipe of a program, or None for a server or an unknown name."""
        return next((recipe for recipe in self.programs if recipe.name == name), None)

    def write(self, home: Home) -> None:
        """Keep the plan for the supervisor and the other commands."""
        home.write("plan", {"servers": self.servers, "programs": [recipe.as_dict() for recipe in self.programs]})

    @classmethod
    def read(cls, home: Home) -> Plan:
        """The plan of the last start.

        Raises:
            Trouble: when the platform was never started here.
        """
        content = home.read("plan")
        if content is None:
            raise Trouble("The platform was never started here.", "Start it with: talent up")
        return cls(content["servers"], [Recipe.of(program) for program in content["programs"]])


def make_plan(
    home: Home, *, ports: Mapping[str, int], keys: Keys, event_log: str, own_broker: bool,
    gateway: Mapping[str, str] = NOTHING,
) -> Plan:  # fmt: skip
    """The plan for these ports, keys and event log URL; ``gateway`` are settings of the gateway beside the usual."""
    programs = [_issuer(home, ports)]
    own = {
        "assessment": {
            "ASSESSMENT_CERTIFICATE_KEY": str(keys.certificate),
            "ASSESSMENT_SEAL_KEY": str(keys.seal[0]),
            "ASSESSMENT_SEAL_CERTIFICATES": str(keys.seal[1]),
        }
    }
    for name in SERVICES:
        settings = _settings(home, name, ports, keys, event_log) | own.get(name, {})
        programs.append(Recipe(name, [sys.executable, "-m", f"{name}.api", "--with-worker"], settings, ports[name]))
    programs.append(_gateway(home, ports, keys, event_log, gateway))
    return Plan(["postgres", "kafka"] if own_broker else ["postgres"], programs)


def embedded_log(home: Home) -> str:
    """URL of the event log that lives in the embedded PostgreSQL."""
    return "embedded+" + postgres(home).dsn("event_log", user="event_log")


def migrations(plan: Plan) -> list[Recipe]:
    """The commands that bring every database to the schema of its program, with the program's own settings."""
    names = [*SERVICES, "gateway"]
    return [
        Recipe(f"migrate-{recipe.name}", [sys.executable, "-m", f"{recipe.name}.migrate"], recipe.environment)
        for recipe in plan.programs
        if recipe.name in names
    ]


def _issuer(home: Home, ports: Mapping[str, int]) -> Recipe:
    environment = {
        "TALENT_DEVELOPMENT": "1",
        "ISSUER_PORT": str(ports["issuer"]),
        "ISSUER_KEY": str(home.keys / "issuer.jwk.json"),
        "ISSUER_SECRETS": str(home.keys / "secrets.json"),
        "ISSUER_SEED": str(checkout() / "deploy" / "local" / "seed" / "users.yaml"),
        "ISSUER_AUDIENCE": AUDIENCE,
    }
    return Recipe("issuer", [sys.executable, "-m", "talent_local.issuer"], environment, ports["issuer"])


def _gateway(home: Home, ports: Mapping[str, int], keys: Keys, event_log: str, more: Mapping[str, str]) -> Recipe:
    issuer = f"http://{HOST}:{ports['issuer']}"
    environment = _settings(home, "gateway", ports, keys, event_log) | {
        "GATEWAY_OIDC_ISSUER": issuer,
        "GATEWAY_OIDC_AUDIENCE": AUDIENCE,
        "GATEWAY_OIDC_CLIENT_ID": "talent-gateway",
        "GATEWAY_OIDC_ROLES_CLAIM": "roles",
        "GATEWAY_OIDC_ORGANISATION_CLAIM": "organisation",
        "GATEWAY_SEAL_ROOT": str(keys.seal[2]),
        "GATEWAY_WEBHOOK_LOOPBACK": "true",
    }
    command = [sys.executable, "-m", "gateway.api", "--with-worker"]
    return Recipe("gateway", command, environment | dict(more), ports["gateway"])


def _settings(home: Home, name: str, ports: Mapping[str, int], keys: Keys, event_log: str) -> dict[str, str]:
    """The settings that every service and the gateway know, under the prefix of its name."""
    common = {
        "DATABASE_URL": postgres(home).uri(name, user=name),
        "EVENT_LOG_URL": event_log,
        "INTERNAL_KEYS": str(keys.internal),
        "SIGNING_KEY": str(keys.private[name]),
        "CURSOR_SECRET": keys.secrets[f"cursor.{name}"],
        "VAULT_KEY": keys.secrets[f"vault.{name}"],
        "CLOCK_FILE": str(home.clock),
        "HOST": HOST,
        "PORT": str(ports[name]),
        "PUBLIC_URL": f"http://{HOST}:{ports['gateway']}",
    }
    peers = {f"{peer.upper()}_URL": f"http://{HOST}:{ports[peer]}" for peer in SERVICES if peer != name}
    return {f"{name.upper()}_{key}": value for key, value in (common | peers).items()}
