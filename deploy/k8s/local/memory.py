"""What the pods of the namespace hold now: ``memory.py``, from the kubelet's own figures, as a table."""

from __future__ import annotations

import json
import subprocess
import sys

MIB = 1024 * 1024


def main() -> int:
    """Print pod, working set and resident memory of its container in MiB, seconds of processor since the start."""
    command = ["kubectl", "get", "--raw", "/api/v1/nodes/node/proxy/stats/summary"]
    summary = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    rows = []
    for pod in summary["pods"]:
        if pod["podRef"]["namespace"] != "talent-dev":
            continue
        for container in pod["containers"]:
            memory, cpu = container["memory"], container["cpu"]
            rows.append(
                (
                    pod["podRef"]["name"].rsplit("-", 2)[0],
                    memory.get("workingSetBytes", 0) / MIB,
                    memory.get("rssBytes", 0) / MIB,
                    cpu.get("usageCoreNanoSeconds", 0) / 1e9,
                )
            )
    for name, working, resident, seconds in sorted(rows):
        sys.stdout.write(f"{name:24} {working:6.0f} MiB working {resident:6.0f} MiB resident {seconds:7.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
