"""What the pods are given is what the programs read, and all that they need; each rule is seen to fail once."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from shared.settings import SECRETS, ServiceSettings
from shared.testing.manifests import MEMBERS, Document, broken, containers, name_of, of_kind, pods

OF_OTHERS = {
    SECRETS,
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "TRACES_ENDPOINT",
    "TRACES_EXPORTER",
    "GOMEMLIMIT",
}
"""Variables that libraries, tracing or other programs read."""
OF_OPERATORS = {"postgres-ca", "talent-cluster-ca-cert", "talent-tls", "demo-data", "postgres-backup"} | {
    f"{kind}-{member}" for kind in ("kafka", "postgres-role") for member in MEMBERS
}
"""Secrets that operators write, or that the READMEs of their components tell to create."""
SECRET_WORDS = re.compile(r"SECRET$|_KEY$|PASSWORD|TOKEN|DATABASE_URL|VAULT")


def settings_of(member: str) -> type[ServiceSettings]:
    """The class that reads a member's variables."""
    found = getattr(import_module(f"{member}.settings"), f"{member.capitalize()}Settings")
    assert isinstance(found, type)
    assert issubclass(found, ServiceSettings)
    return found


def known(member: str) -> dict[str, bool]:
    """Every variable of a member → whether it must be given. The vault's key is asked for where a vault is."""
    fields = settings_of(member).model_fields.items()
    return {
        f"{member.upper()}_{name.upper()}": field.default is PydanticUndefined and field.default_factory is None
        for name, field in fields
    }


def _kept(documents: list[Document]) -> dict[str, set[str]]:
    """Secret → its keys, as the external secrets say."""
    return {
        each["spec"]["target"]["name"]: {row["secretKey"] for row in each["spec"]["data"]}
        for each in of_kind(documents, "ExternalSecret")
    }


def _maps(documents: list[Document]) -> dict[str, dict[str, str]]:
    return {each["metadata"]["name"]: each.get("data", {}) for each in of_kind(documents, "ConfigMap")}


def given(documents: list[Document]) -> list[str]:
    """Every variable is one that the program reads, and every one that it must have is given."""
    problems, maps, kept = [], _maps(documents), _kept(documents)
    for name, labels, pod in pods(documents):
        member, part = labels["app.kubernetes.io/name"], labels["app.kubernetes.io/component"]
        if member not in MEMBERS:
            continue
        has = {
            key
            for container in containers(pod)
            for source in container.get("envFrom", ())
            for key in maps.get(source.get("configMapRef", {}).get("name"), {})
        }
        has |= {row["name"] for container in containers(pod) for row in container.get("env", ())}
        wanted = known(member)
        problems += [f"{name}: nothing reads {key}" for key in sorted(has - set(wanted) - OF_OTHERS)]
        files = {key for volume in pod["volumes"] for key in kept.get(volume.get("secret", {}).get("secretName"), ())}
        must = (
            {f"{member.upper()}_DATABASE_URL"} if part == "migrate" else {key for key, must in wanted.items() if must}
        )
        problems += [f"{name}: is not given {key}" for key in sorted(must - has - files)]
        unread = {key for key in files if key.isupper()} - set(wanted)
        problems += [f"{name}: nothing reads the secret {key}" for key in sorted(unread)]
    return problems


def found(documents: list[Document]) -> list[str]:
    """ConfigMaps and Secrets that pods name are there, and so are the keys and files that they name in them."""
    problems, maps, kept = [], _maps(documents), _kept(documents)
    for name, labels, pod in pods(documents):
        mounts = {m["name"]: m["mountPath"] for c in containers(pod) for m in c.get("volumeMounts", ())}
        files: set[str] = set()
        for volume in pod.get("volumes", ()):
            parts = [*volume.get("projected", {}).get("sources", ()), volume]
            for part in parts:
                secret, plain = part.get("secret"), part.get("configMap")
                if secret is not None:
                    which = secret.get("secretName") or secret["name"]
                    if which not in kept and which not in OF_OPERATORS:
                        problems.append(f"{name}: there is no Secret {which}")
                    keys = {item["path"] for item in secret["items"]} if "items" in secret else kept.get(which, set())
                elif plain is not None:
                    keys = set(maps.get(plain["name"], {}))
                    if not keys:
                        problems.append(f"{name}: there is no ConfigMap {plain['name']}")
                    problems += [
                        f"{name}: {plain['name']} has no {i['key']}"
                        for i in plain.get("items", ())
                        if i["key"] not in keys
                    ]
                else:
                    keys = set()
                files |= {f"{mounts.get(volume['name'])}/{key}" for key in keys}
        named: set[str] = set()
        for container in containers(pod):
            for source in container.get("envFrom", ()):
                which = source.get("configMapRef", {}).get("name")
                if which not in maps:
                    problems.append(f"{name}: there is no ConfigMap {which}")
                named |= set(re.findall(r"/run/[\w./-]+", " ".join(maps.get(which, {}).values())))
            named |= set(
                re.findall(r"/run/[\w./-]+", " ".join(str(row.get("value")) for row in container.get("env", ())))
            )
        if labels["app.kubernetes.io/component"] != "worker":
            named = {path for path in named if not path.startswith("/run/kafka/")}  # only workers read the log
        problems += [f"{name}: nothing is mounted at {path}" for path in sorted(named - files - set(mounts.values()))]
    return problems


def hidden(documents: list[Document]) -> list[str]:
    """No Secret and no secret value is in the tree, and no secret is handed over in a variable."""
    problems = [f"{name_of(each)}: a Secret in the tree" for each in of_kind(documents, "Secret")]
    for name, values in _maps(documents).items():
        for key, value in values.items():
            if key.isupper() and SECRET_WORDS.search(key) and not value.startswith("/run/"):
                problems.append(f"ConfigMap/{name}: {key} is a secret")
            if re.search(r"://[^/\s:@]+:[^/\s@]+@|-----BEGIN|\"d\":", value):
                problems.append(f"ConfigMap/{name}: {key} holds a secret")
    for name, _, pod in pods(documents):
        for container in containers(pod):
            rows = [*container.get("env", ()), *container.get("envFrom", ())]
            if any("secretKeyRef" in str(row) or "secretRef" in str(row) for row in rows):
                problems.append(f"{name}: a secret in a variable")
    return problems


RULES = (given, found, hidden)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_settings_keep_the_rule(rule: Callable[[list[Document]], list[str]], documents: list[Document]) -> None:
    """In every overlay, with every component."""
    assert rule(documents) == []


def _settings(documents: list[Document], member: str) -> str:
    return next(
        name_of(each) for each in of_kind(documents, "ConfigMap") if each["metadata"]["name"].startswith(f"{member}-")
    )


def _container(document: Document) -> Any:
    return document["spec"]["template"]["spec"]["containers"][0]


@pytest.mark.parametrize(
    ("rule", "member", "damage", "said"),
    [
        (given, "gateway", lambda d: d["data"].update(GATEWAY_OIDC_ISUER="x"), "nothing reads GATEWAY_OIDC_ISUER"),
        (given, "gateway", lambda d: d["data"].pop("GATEWAY_OIDC_ISSUER"), "not given GATEWAY_OIDC_ISSUER"),
        (found, "funding", lambda d: d["data"].update(FUNDING_SIGNING_KEY="/run/secrets/talent/other"), "talent/other"),
        (hidden, "funding", lambda d: d["data"].update(FUNDING_CURSOR_SECRET="0123456789abcdef"), "is a secret"),
        (hidden, "funding", lambda d: d["data"].update(NOTE="postgresql://a:b@c/d"), "holds a secret"),
    ],
)
def test_the_rule_notices_a_setting(
    rule: Callable[[list[Document]], list[str]],
    member: str,
    damage: Callable[[Document], object],
    said: str,
    prod: list[Document],
) -> None:
    """Negative control: one ConfigMap is damaged."""
    assert any(said in problem for problem in rule(broken(prod, _settings(prod, member), damage)))


def test_the_rules_notice_a_pod(prod: list[Document]) -> None:
    """Negative controls: another Secret, a missing key of one, a secret in a variable, a Secret in the tree."""
    other = broken(
        prod,
        "Deployment/funding-api",
        lambda d: d["spec"]["template"]["spec"]["volumes"].append({"name": "x", "secret": {"secretName": "other"}}),
    )
    assert "Deployment/funding-api: there is no Secret other" in found(other)
    keyless = broken(prod, "ExternalSecret/funding-secrets", lambda d: d["spec"]["data"].pop(0))
    assert "Job/funding-migrate-0-1-0: is not given FUNDING_DATABASE_URL" in given(keyless)
    row = {"name": "FUNDING_VAULT_KEY", "valueFrom": {"secretKeyRef": {"name": "funding-secrets", "key": "x"}}}
    shown = broken(prod, "Deployment/funding-api", lambda d: _container(d)["env"].append(row))
    assert "Deployment/funding-api: a secret in a variable" in hidden(shown)
    secret = {"kind": "Secret", "metadata": {"name": "a"}}
    assert hidden([*prod, secret]) == ["Secret/a: a Secret in the tree"]
