"""Where the deployment keeps its state: `.run/` in the checkout, or the directory that TALENT_HOME names."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talent_local.trouble import Trouble


def checkout() -> Path:
    """The top of the source tree: the parent of `deploy/`, wherever the package was installed from."""
    for folder in (*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents):
        if (folder / "deploy" / "local" / "pyproject.toml").exists():
            return folder
    return Path.cwd()


@dataclass(frozen=True, slots=True)
class Home:
    """The state directory; everything in it can be rebuilt or belongs to this one deployment."""

    root: Path

    @classmethod
    def find(cls) -> Home:
        """The state directory in force; it is not created."""
        named = os.environ.get("TALENT_HOME")
        return cls(Path(named).expanduser().resolve() if named else checkout() / ".run")

    def create(self) -> Home:
        """Make the directories.

        Raises:
            Trouble: when the place cannot be written to.
        """
        try:
            for folder in (self.root, self.logs, self.pids):
                folder.mkdir(parents=True, exist_ok=True)
            self.keys.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Trouble(
                f"The state directory {self.root} cannot be written to ({error.strerror}).",
                "Name another one: TALENT_HOME=/some/where talent …",
            ) from error
        return self

    @property
    def logs(self) -> Path:
        """Folder of `<process>.log`."""
        return self.root / "logs"

    @property
    def pids(self) -> Path:
        """Folder of `<process>.json`: process id and start time."""
        return self.root / "pids"

    @property
    def keys(self) -> Path:
        """Folder of private keys and secrets; readable by the owner only."""
        return self.root / "keys"

    @property
    def clock(self) -> Path:
        """File of the business clock; absent while the machine's clock is in force."""
        return self.root / "clock"

    @property
    def postgres(self) -> Path:
        """Folder of the embedded PostgreSQL."""
        return self.root / "postgres"

    @property
    def kafka(self) -> Path:
        """Folder of the one-machine Kafka broker."""
        return self.root / "kafka"

    def log(self, name: str) -> Path:
        """Log file of a process."""
        return self.postgres / "postgres.log" if name == "postgres" else self.logs / f"{name}.log"

    def read(self, name: str) -> Any:
        """Content of `<name>.json`, or None when there is none."""
        try:
            return json.loads((self.root / f"{name}.json").read_text())
        except FileNotFoundError:
            return None

    def write(self, name: str, content: Any) -> None:
        """Replace `<name>.json` in one step; readable by the owner only."""
        replace(self.root / f"{name}.json", json.dumps(content, indent=2))

    @contextlib.contextmanager
    def locked(self, name: str = "lock", *, wait: bool = True) -> Iterator[None]:
        """Hold the lock file `name`: one command at a time changes the deployment.

        Raises:
            BlockingIOError: when it is held and `wait` is False.
        """
        handle = os.open(self.root / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield
        finally:
            os.close(handle)


def replace(path: Path, text: str) -> None:
    """Write a file in one step, readable by the owner only."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.touch(mode=0o600)
    scratch.write_text(text)
    scratch.replace(path)
