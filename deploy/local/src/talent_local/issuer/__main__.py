"""The issuer's process: `python -m talent_local.issuer`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import uvicorn

from talent_local.issuer.app import create_app
from talent_local.issuer.grants import Grants
from talent_local.issuer.seed import Seed
from talent_local.issuer.signing import Signer
from talent_local.trouble import Trouble

HOST = "127.0.0.1"


def main() -> int:
    """Serve until told to end; 1 when this is no development machine or a setting is missing."""
    if os.environ.get("TALENT_DEVELOPMENT") != "1":
        print("The development issuer gives tokens to everybody; it runs only with TALENT_DEVELOPMENT=1.")
        return 1
    try:
        port = int(os.environ["ISSUER_PORT"])
        known: dict[str, str] = json.loads(Path(os.environ["ISSUER_SECRETS"]).read_text())
        seed = Seed.read(Path(os.environ["ISSUER_SEED"]))
        host = os.environ.get("ISSUER_HOST", HOST)
        origin = os.environ.get("ISSUER_URL", f"http://{HOST}:{port}")
        signer = Signer(Path(os.environ["ISSUER_KEY"]), origin, os.environ["ISSUER_AUDIENCE"])
    except KeyError as error:
        print(f"The setting {error} is missing; `talent up` gives it.")
        return 1
    except Trouble as trouble:
        print(trouble.what)
        return 1
    client_secrets = {
        name.removeprefix("client."): value for name, value in known.items() if name.startswith("client.")
    }
    uvicorn.run(create_app(signer, Grants(seed, client_secrets)), host=host, port=port, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
