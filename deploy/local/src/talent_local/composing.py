"""Keys and secrets for the compose file: ``python -m talent_local.composing [FOLDER]``, which ``make compose-secrets`` says.

Every member gets a folder of files that only its containers mount. What is there is kept; what is new is drawn. The
folder itself is the owner's only; the files in it can be read by any account, because those of the containers do not
exist on this machine.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from talent_local.home import Home, checkout, replace
from talent_local.issuer.seed import client_secret_names
from talent_local.issuer.signing import Signer
from talent_local.running.keys import Keys, ensure_keys
from talent_local.running.plan import KEY_OWNERS, SECRETS

ISSUER: Final = "http://issuer.localhost:8090"
"""How the compose file calls the issuer of development."""
SEALING: Final = {"assessment": ("seal.pem", "seal-chain.pem"), "gateway": ("seal-root.pem",)}
PASSWORDS: Final = tuple(f"postgres.{name}" for name in ("superuser", *KEY_OWNERS))


def prepare(root: Path) -> list[str]:
    """Write everything that the compose file mounts.

    Args:
        root: ``TALENT_STATE`` of the compose file.

    Returns:
        The folders.
    """
    home = Home(root).create()
    root.chmod(0o700)
    names = [*SECRETS, *PASSWORDS, "grafana", *client_secret_names()]
    keys = ensure_keys(home, KEY_OWNERS, names)
    for name in KEY_OWNERS:
        _fill(root / name, _member(name, keys))
    _fill(root / "postgres", {kind.removeprefix("postgres."): keys.secrets[kind] for kind in PASSWORDS})
    _fill(root / "grafana", {"password": keys.secrets["grafana"]})
    Signer(home.keys / "issuer.jwk.json", ISSUER, "talent-gateway")
    clients = {name: value for name, value in keys.secrets.items() if name.startswith("client.")}
    issuer = {"issuer.jwk.json": (home.keys / "issuer.jwk.json").read_text(), "clients.json": json.dumps(clients)}
    _fill(root / "issuer", issuer)
    (root / "clock").mkdir(exist_ok=True)
    (root / "clock").chmod(0o755)
    shutil.rmtree(root / "logs", ignore_errors=True)
    shutil.rmtree(root / "pids", ignore_errors=True)
    home.write("databases", {name: _password(keys, name) for name in KEY_OWNERS})
    return sorted(path.name for path in root.iterdir() if path.is_dir())


def _member(name: str, keys: Keys) -> dict[str, str]:
    """The files of one member: settings named like their variables, and the keys that settings point to."""
    url = f"postgresql+asyncpg://{name}:{quote(_password(keys, name), safe='')}@postgres:5432/{name}"
    files = {
        f"{name}_database_url": url,
        f"{name}_cursor_secret": keys.secrets[f"cursor.{name}"],
        f"{name}_vault_key": keys.secrets[f"vault.{name}"],
        "signing.jwk.json": keys.private[name].read_text(),
        "internal.jwks.json": keys.internal.read_text(),
    }
    if name == "assessment":
        files["certificates.jwks.json"] = keys.certificate.read_text()
    folder = keys.internal.parent
    return files | {file: (folder / file).read_text() for file in SEALING.get(name, ())}


def _password(keys: Keys, name: str) -> str:
    return keys.secrets[f"postgres.{name}"]


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    """Write files that any account can read into a folder that it can enter; the folder above is closed."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    for name, text in files.items():
        replace(folder / name, text)
        (folder / name).chmod(0o444)


def main(arguments: Sequence[str]) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m talent_local.composing", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", nargs="?", type=Path, default=checkout() / ".run" / "compose")
    root: Path = parser.parse_args(arguments).folder.resolve()
    print(f"{root}: {', '.join(prepare(root))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
