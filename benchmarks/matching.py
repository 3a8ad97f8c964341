"""Matching against the ``matching`` package and OR-tools on the same instances, end to end from rows to proposal.

    python benchmarks/matching.py [--sizes 1000x100 10000x1000 100000x5000] [--runs 3] [--welfare 10000x1000] [--peer 2000]

People with ten wishes each over hosts whose capacities sum to the people; hosts order people by the roster, as the
product does. Rows are tuples as a driver gives them. *End to end* is columns, canonical bytes, hash, matching, blocking
pairs, lines, report and proposal hash. Each size runs in a process of its own, which gives its peak memory; the peer
``matching`` is run up to ``--peer`` people (it takes minutes above), CP-SAT is not run: its figures are in
``performance.md``. Seconds are processor time of one thread, so that a loaded machine says the same. OR-tools solves the same welfare as min-cost flow; it is given ready arrays, and its total is ours.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from random import Random
from time import process_time
from typing import Any
from uuid import UUID

from placement.domain.matching.canonical import encode, sha256_of
from placement.domain.matching.instance import WELFARE, Instance, Method, Place, Seeker
from placement.domain.matching.judging import blocking_pairs
from placement.domain.matching.layout import Layout
from placement.domain.matching.proposal import propose
from placement.domain.matching.stable import deferred_acceptance
from placement.domain.matching.welfare import _edges, greatest_welfare

WISHES = 10


def rows(people: int, hosts: int) -> tuple[list[Seeker], list[Place]]:
    """An instance from a fixed seed: popular hosts are wished for more often."""
    random = Random(people * 31 + hosts)
    names = [f"hosts/H{number:05d}" for number in range(hosts)]
    capacity = max(1, people // hosts)
    places = [Place(UUID(int=1 << 90 | n), name, "health", (), capacity) for n, name in enumerate(names)]
    seekers = []
    for number in range(people):
        picked: dict[str, None] = {}
        while len(picked) < WISHES:
            picked[names[int(hosts * random.random() ** 1.5)]] = None
        seekers.append(Seeker(UUID(int=random.getrandbits(128)), "clinical-medicine", "health", number, tuple(picked)))
    return seekers, places


def timed(call: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Median seconds of processor time of several calls, and the last result."""
    times, result = [], None
    for _ in range(runs):
        result = None
        began = process_time()
        result = call()
        times.append(process_time() - began)
    return statistics.median(times), result


def ours(people: int, hosts: int, runs: int, method: str) -> dict[str, Any]:
    """Every part and the whole; peak memory with the rows in it."""
    seekers, places = rows(people, hosts)
    with_rows = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    chosen = Method(method, beyond_wishes=False)

    def whole() -> Any:
        instance = Instance.of(seekers, places, chosen)
        sha256_of(encode(instance))
        return propose(instance)

    found: dict[str, Any] = {}
    found["end to end"], proposal = timed(whole, runs)
    report = proposal.report
    del proposal
    found["columns"], instance = timed(lambda: Instance.of(seekers, places, chosen), runs)
    found["bytes and hash"], _ = timed(lambda: sha256_of(encode(instance)), runs)
    found["layout"], layout = timed(lambda: Layout(instance), runs)
    found["stable"], matching = timed(lambda: deferred_acceptance(layout), runs)
    found["blocking pairs"], _ = timed(lambda: blocking_pairs(layout, matching), runs)
    if method == WELFARE:
        found["welfare"], _ = timed(lambda: greatest_welfare(layout), runs)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": found, "report": report, "memory": memory, "rows": with_rows}


def package(people: int, hosts: int) -> dict[str, Any]:
    """The ``matching`` package on the same lists; it must find the same matching."""
    sys.path[:] = [path for path in sys.path if path != str(Path(__file__).parent)]  # this script has its name
    hospital_resident = import_module("matching.games").HospitalResident

    seekers, places = rows(people, hosts)
    layout = Layout(Instance.of(seekers, places, Method(beyond_wishes=False)))
    mine = deferred_acceptance(layout)
    began = process_time()
    residents = {n: list(layout.choices(n)) for n in range(people)}
    hospitals: dict[int, list[int]] = {n: [] for n in range(hosts)}
    for seeker, wished in residents.items():
        for place in wished:
            hospitals[place].append(seeker)
    hospitals = {place: wanted for place, wanted in hospitals.items() if wanted}
    game = hospital_resident.create_from_dictionaries(
        {f"r{n}": [f"h{place}" for place in wished] for n, wished in residents.items()},
        {f"h{place}": [f"r{n}" for n in wanted] for place, wanted in hospitals.items()},
        {f"h{place}": layout.capacity[place] for place in hospitals},
    )
    solved = game.solve(optimal="resident")
    took = process_time() - began
    theirs = [-1] * people
    for hospital, residents_of in solved.items():
        for resident in residents_of:
            theirs[int(str(resident)[1:])] = int(str(hospital)[1:])
    return {"seconds": took, "same": theirs == mine}


def flow(people: int, hosts: int) -> dict[str, Any]:
    """OR-tools' min-cost flow on the arrays of the same welfare."""
    import numpy as np
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    seekers, places = rows(people, hosts)
    layout = Layout(Instance.of(seekers, places, Method(WELFARE, beyond_wishes=False)))
    start, place, value = _edges(layout)
    began = process_time()
    who = np.repeat(np.arange(people), np.diff(start))
    solver = SimpleMinCostFlow()
    sink = people + hosts
    solver.add_arcs_with_capacity_and_unit_cost(who, people + place, np.ones(len(who), np.int64), -value)
    solver.add_arcs_with_capacity_and_unit_cost(
        people + np.arange(hosts), np.full(hosts, sink), np.array(layout.capacity), np.zeros(hosts, np.int64)
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(people), np.full(people, sink), np.ones(people, np.int64), np.zeros(people, np.int64)
    )
    solver.set_nodes_supplies(np.arange(sink + 1), np.array([1] * people + [0] * hosts + [-people]))
    solver.solve()
    return {"seconds": process_time() - began, "total": -solver.optimal_cost()}


def apart(*arguments: str) -> Any:
    """One measurement in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", default=["1000x100", "10000x1000", "100000x5000"])
    parser.add_argument("--welfare", nargs="*", default=["1000x100", "10000x1000"])
    parser.add_argument("--peer", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one", nargs=4)
    given = parser.parse_args()
    if given.one:
        what, people, hosts, runs = given.one[0], int(given.one[1]), int(given.one[2]), int(given.one[3])
        done = {"package": package, "flow": flow}
        sys.setrecursionlimit(10_000_000)  # the package copies its players deeply
        threading.stack_size(1 << 29)
        work = partial(done[what], people, hosts) if what in done else partial(ours, people, hosts, runs, what)
        thread = threading.Thread(target=lambda: print(json.dumps(work())))
        thread.start()
        thread.join()
        return
    print("| stable | end to end | columns | hash | layout | matching | pairs | peak MB (rows) | `matching` | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for size in given.sizes:
        people, hosts = size.split("x")
        mine = apart("--one", "stable", people, hosts, str(given.runs))
        seconds = mine["seconds"]
        peer, ratio = "–", "–"
        if int(people) <= given.peer:
            other = apart("--one", "package", people, hosts, "1")
            assert other["same"], "the two stable matchings differ"
            peer, ratio = f"{other['seconds']:.2f} s", f"{other['seconds'] / seconds['end to end']:.0f}"
        parts = ("columns", "bytes and hash", "layout", "stable", "blocking pairs")
        cells = " | ".join(f"{seconds[part]:.3f}" for part in parts)
        memory = f"{mine['memory']:.0f} ({mine['rows']:.0f})"
        print(f"| {size} | {seconds['end to end']:.3f} s | {cells} | {memory} | {peer} | {ratio} |", flush=True)
        assert mine["report"]["blocking_pairs"] == 0
    print("\n| welfare | alone | end to end | OR-tools flow | ratio | first choices | stable's | pairs | peak MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for size in given.welfare:
        people, hosts = size.split("x")
        mine = apart("--one", "welfare", people, hosts, str(given.runs))
        other = apart("--one", "flow", people, hosts, "1")
        report, seconds = mine["report"], mine["seconds"]
        assert report["total_fit"] == report["total_fit_bound"] == other["total"], "the two totals differ"
        print(
            f"| {size} | {seconds['welfare']:.2f} s | {seconds['end to end']:.2f} s | {other['seconds']:.2f} s "
            f"| {other['seconds'] / seconds['welfare']:.2f} | {report['first_choice_share']} "
            f"| {report['stable_instead']['first_choice_share']} | {report['blocking_pairs']} "
            f"| {mine['memory']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
