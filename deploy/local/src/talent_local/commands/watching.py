"""`talent status`, `logs`, `doctor`."""

from __future__ import annotations

import subprocess
from typing import Annotated

import psutil
import typer

from talent_local.doctor import examine
from talent_local.home import Home
from talent_local.running import platform
from talent_local.running.plan import Plan
from talent_local.running.readiness import is_ready
from talent_local.running.supervising import supervisor
from talent_local.trouble import Trouble


def status() -> None:
    """Every process: state, process id, port, memory, how often it was started again. Status 1 unless all is well."""
    home = Home.find()
    plan = Plan.read(home)
    reports = home.read("supervised") or {}
    running = supervisor(home)
    pids = {"supervisor": running.pid if running else None}
    pids |= {name: unit.pid for name, unit in plan.units(home).items()}
    well = True
    typer.echo(f"{'process':<12} {'state':<12} {'pid':>8} {'port':>6} {'memory':>8}  restarts")
    for name, pid in pids.items():
        recipe = plan.recipe(name)
        state = "down" if pid is None else "running" if recipe is None else "ready" if is_ready(recipe) else "not ready"
        well &= state in {"running", "ready"}
        report = reports.get(name, {})
        port = recipe.port if recipe else None
        cells = f"{name:<12} {state:<12} {pid or '-':>8} {port or '-':>6} {memory(pid, family=name == 'postgres'):>8}"
        typer.echo(f"{cells}  {report.get('restarts', 0)}")
        if state == "down" and report.get("trouble"):
            typer.echo(f"             {report['trouble']}")
    gateway = plan.recipe("gateway")
    typer.echo(f"\ngateway {gateway.url if gateway else '-'} · event log {_log_kind(home)} · state in {home.root}")
    raise typer.Exit(0 if well else 1)


def memory(pid: int | None, *, family: bool = False) -> str:
    """Memory of a process, or of it and its children, in MiB; pages that several share count once."""
    if pid is None:
        return "-"
    total = 0
    try:
        process = psutil.Process(pid)
        for one in [process, *(process.children(recursive=True) if family else [])]:
            try:
                total += one.memory_full_info().pss
            except psutil.AccessDenied:
                total += one.memory_info().rss
            except psutil.NoSuchProcess:
                continue
    except psutil.NoSuchProcess:
        return "-"
    return f"{total / 2**20:.0f} MiB"


def logs(
    process: Annotated[str | None, typer.Argument(help="name as in `talent status`; without it, list the logs")] = None,
    lines: Annotated[int, typer.Option("-n", min=1, help="how many lines from the end")] = 50,
    follow: Annotated[bool, typer.Option("-f", help="go on as lines are written")] = False,
) -> None:
    """The end of a process's log."""
    home = Home.find()
    if process is None:
        for path in sorted(home.logs.glob("*.log")):
            typer.echo(f"{path.stem:<20} {path.stat().st_size / 1024:>8.0f} KiB  {path}")
        return
    path = home.log(process)
    if not path.exists():
        raise Trouble(f"There is no log of '{process}'.", "`talent logs` lists them.")
    subprocess.run(["/usr/bin/env", "tail", "-n", str(lines), *(["-F"] if follow else []), str(path)], check=False)


def doctor() -> None:
    """What is missing on this machine, line by line, each with what to do. Status 1 when something essential is."""
    findings = examine(Home.find())
    for finding in findings:
        typer.echo(finding.line())
    raise typer.Exit(1 if any(finding.mark == "missing" for finding in findings) else 0)


def _log_kind(home: Home) -> str:
    return str((home.read("log") or {}).get("kind", platform.EMBEDDED))
