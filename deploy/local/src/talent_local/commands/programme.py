"""`talent apply`: a programme's folder through the public interface."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from talent_local import client
from talent_local.commands.observations import PATH, editions, known_already
from talent_local.home import Home
from talent_local.trouble import Trouble

ORDER = ("selection", "programme", "placement", "assessment", "funding")


def apply(
    folders: Annotated[
        list[Path], typer.Argument(help="programmes/<code>, one batch of it, or programmes/observations")
    ],
    as_: Annotated[str, typer.Option("--as", help="seeded user who applies it")] = "operator",
    gateway: Annotated[str, typer.Option(help="address of a gateway elsewhere; wants --token-file")] = "",
    token_file: Annotated[Path | None, typer.Option(help="file with an operator's access token")] = None,
) -> None:
    """Put every policy of a programme in force, or load stated numbers; saying it again changes nothing."""
    say = _elsewhere(gateway, token_file) if gateway else _here(as_)
    for method, path, content in [each for folder in folders for each in said(folder)]:
        answer = say(method, path, content)
        if known_already(answer.status, answer.body):
            typer.echo(f"{answer.status} {path}: known already")
            continue
        if answer.status >= 400:
            raise Trouble(f"{method} {path}: {answer.status}\n{_reason(answer.body)}", "Nothing after it was applied.")
        typer.echo(f"{answer.status} {path}")


def said(folder: Path) -> list[tuple[str, str, Any]]:
    """Method, address and content of everything that a folder says: editions of stated numbers, or policies."""
    stated = editions(folder)
    if stated:
        return [("POST", PATH, content) for content in stated]
    return [("PUT", path, content) for path, content in documents(folder)]


def _here(username: str) -> Callable[[str, str, Any], client.Answer]:
    home = Home.find()
    bearer = client.token(home, username=username)
    return lambda method, path, content: client.say(method, client.origin(home, "gateway"), path, bearer, content)


def _elsewhere(gateway: str, token_file: Path | None) -> Callable[[str, str, Any], client.Answer]:
    if token_file is None:
        raise Trouble("A gateway elsewhere asks who you are.", "Give --token-file with an operator's access token.")
    bearer = token_file.read_text(encoding="utf-8").strip()
    return lambda method, path, content: client.say(method, gateway.rstrip("/"), path, bearer, content)


def documents(folder: Path) -> list[tuple[str, Any]]:
    """Address and content of every file, each batch after the one it inherits from.

    Raises:
        Trouble: when there is nothing to apply, a file cannot be read, or batches inherit in a circle.
    """
    folder = folder.resolve()
    batches = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not batches and (folder / "programme.yaml").exists():
        folder, batches = folder.parent, [folder]
    if not batches:
        raise Trouble(f"{folder} holds no batch of a programme.", "Give programmes/<code>.")
    read = {batch.name: _read(batch) for batch in batches}
    order: list[str] = []
    while len(order) < len(read):
        ready = [name for name, files in read.items() if name not in order and not _awaits(files, order, read)]
        if not ready:
            raise Trouble(f"The batches of {folder.name} inherit from one another in a circle.")
        order += ready
    return [(_address(folder.name, batch, name), content) for batch in order for name, content in read[batch].items()]


def _read(batch: Path) -> dict[str, Any]:
    files = {}
    for name in ORDER:
        path = batch / f"{name}.yaml"
        if path.exists():
            try:
                files[name] = yaml.safe_load(path.read_text(encoding="utf-8"))
            except yaml.YAMLError as error:
                raise Trouble(f"{path} is not YAML: {error}") from error
    return files


def _awaits(files: dict[str, Any], done: list[str], known: dict[str, Any]) -> bool:
    wanted = {content.get("inherits") for content in files.values() if isinstance(content, dict)}
    return any(name in known and name not in done for name in wanted)


def _address(programme: str, batch: str, name: str) -> str:
    if name == "programme":
        return f"/v1/selection/programmes/{programme}/batches/{batch}"
    return f"/v1/{name}/policies/{programme}/{batch}"


def _reason(body: Any) -> str:
    if not isinstance(body, dict):
        return str(body)[:2000]
    lines = [str(body.get("detail") or body.get("title") or "")]
    lines += [f"  {error.get('pointer', '')}: {error.get('detail', '')}" for error in body.get("errors", [])]
    return "\n".join(lines)
