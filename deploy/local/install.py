"""Make the virtual environment of this checkout: `python3 deploy/local/install.py [--dev]`.

Standard library only, and syntax that an old Python can read, so that it can say what is missing. Nothing is done
when the stamp says that the same requirements and the same members are installed already.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = (
    "shared",
    "services/selection",
    "services/placement",
    "services/assessment",
    "services/funding",
    "gateway",
    "deploy/local",
)


def main(arguments: list[str]) -> int:
    """Install what running needs, or with `--dev` also what testing needs; 0 when it is there."""
    if sys.version_info < (3, 11):
        return refuse(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.",
            "Install python3.11 and say: make PYTHON=python3.11 <target>",
        )
    os.umask(0o022)  # PostgreSQL may run as another account and must be able to read its programs
    kind = "dev" if "--dev" in arguments else "runtime"
    venv = Path(os.environ.get("TALENT_VENV", ROOT / ".venv"))
    fresh = fingerprint(venv, kind)
    for done in (venv / f".installed-{kind}", venv / ".installed-dev"):
        if done.exists() and done.read_text() == (fresh if done.name.endswith(kind) else fingerprint(venv, "dev")):
            return 0
    for stale in venv.glob(".installed-*"):
        stale.unlink()
    return build(venv, kind) or finish(venv / f".installed-{kind}", fresh)


def fingerprint(venv: Path, kind: str) -> str:
    """Digest of everything that decides what the environment holds."""
    digest = hashlib.sha256(f"{sys.version}|{venv}|{ROOT}".encode())
    for path in (*requirement_files(kind), *(ROOT / member / "pyproject.toml" for member in members())):
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def requirement_files(kind: str) -> list[Path]:
    """The locks to install: running needs runtime and build, testing needs dev, which includes both."""
    names = ("dev",) if kind == "dev" else ("runtime", "build")
    return [ROOT / "requirements" / f"{name}.txt" for name in names]


def members() -> list[str]:
    """The packages of this tree, in the order of installation."""
    return [member for member in MEMBERS if (ROOT / member / "pyproject.toml").exists()]


def build(venv: Path, kind: str) -> int:
    """Create the environment where there is none, then install the locks and the members."""
    python = venv / "bin" / "python"
    if not works(python):
        print(f"Creating {venv} with Python {sys.version.split()[0]}", flush=True)
        if os.path.lexists(venv):
            shutil.rmtree(venv)
        if subprocess.run([sys.executable, "-m", "venv", str(venv)], check=False).returncode:
            return refuse(
                "The virtual environment could not be created.",
                f"On Debian and Ubuntu install python{sysconfig.get_python_version()}-venv; see also the lines above.",
            )
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-input"]
    print(f"Installing the locked packages ({kind})", flush=True)
    locks = [word for path in requirement_files(kind) for word in ("-r", str(path))]
    if subprocess.run([*pip, "--no-compile", "--require-hashes", *locks], check=False).returncode:
        return refuse(
            "The packages could not be installed.",
            "Is there a way to a package index? PIP_INDEX_URL or pip's configuration names one.",
        )
    compiling = [str(python), "-m", "compileall", "-qq", "-j", "0", str(venv / "lib")]  # all cores, where pip takes one
    subprocess.run(compiling, check=False, stdout=subprocess.DEVNULL)
    print("Installing the members of this tree", flush=True)
    editable = [word for member in members() for word in ("-e", str(ROOT / member))]
    if subprocess.run([*pip, "--no-deps", "--no-build-isolation", *editable], check=False).returncode:
        return refuse("The members of this tree could not be installed.", "See the lines above.")
    return 0


def works(python: Path) -> bool:
    """True when the environment's interpreter runs and is new enough (a moved or copied checkout breaks it)."""
    if not python.exists():
        return False
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([str(python), "-c", check], check=False, capture_output=True).returncode == 0


def finish(stamp: Path, fresh: str) -> int:
    """Remember what was installed."""
    stamp.write_text(fresh)
    return 0


def refuse(what: str, advice: str) -> int:
    """Say what is wrong and what to do; the exit status of a failed preparation."""
    print(f"\n{what}\n{advice}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
