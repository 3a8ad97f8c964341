"""Enforces the network policies of this one node in iptables, where no network plugin that does so is at hand.

``policies.py`` runs until it is told to end; every second it asks the API server for pods, namespaces and policies and writes
two chains per pod that a policy selects: what it may send, what it may receive. What is refused is counted and, once a
second at most, logged by the kernel. The node itself is always let in, as the rules of Kubernetes want it for probes. Blocks
of addresses with exceptions (the gateway's way to the internet) are taken for nobody: there is no internet here.
"""

from __future__ import annotations

import hashlib
import json
import os
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Final

from shared.testing.manifests import matches

STATE: Final = Path(os.environ.get("STATE", "/var/lib/talent-cluster"))
API: Final = os.environ.get("API", "10.86.0.1:7443")
Thing = dict[str, Any]


class Cluster:
    """What the API server says."""

    def __init__(self) -> None:
        self._context = ssl.create_default_context(cafile=str(STATE / "pki" / "ca.crt"))
        self._context.load_cert_chain(STATE / "pki" / "admin.crt", STATE / "pki" / "admin.key")

    def items(self, path: str) -> list[Thing]:
        """Everything of a kind in every namespace."""
        with urllib.request.urlopen(f"https://{API}{path}", context=self._context, timeout=10) as answer:
            found: list[Thing] = json.load(answer)["items"]
            return found


def peers(rule: Thing, key: str, home: str, pods: list[Thing], spaces: dict[str, dict[str, str]]) -> list[list[str]]:
    """Addresses that a rule names, each as arguments; one empty entry when it has no peers, which is everybody."""
    if not rule.get(key):
        return [[]]
    flag, found = {"from": "-s", "to": "-d"}[key], []
    for peer in rule[key]:
        if block := peer.get("ipBlock"):
            if ":" not in block["cidr"] and "except" not in block:
                found.append([flag, block["cidr"]])
            continue
        for pod in pods:
            space = pod["metadata"]["namespace"]
            fits = matches(peer["namespaceSelector"], spaces[space]) if "namespaceSelector" in peer else space == home
            if fits and matches(peer.get("podSelector", {}), pod["metadata"].get("labels", {})):
                found.append([flag, pod["status"]["podIP"]])
    return found


def chain(pod: Thing, direction: str, policies: list[Thing], pods: list[Thing], spaces: dict[str, dict[str, str]]) -> list[list[str]] | None:  # fmt: skip
    """Rules of one pod in one direction; None when no policy speaks of it."""
    key = {"Ingress": "from", "Egress": "to"}[direction]
    home, labels = pod["metadata"]["namespace"], pod["metadata"].get("labels", {})
    mine = [
        policy["spec"] for policy in policies
        if policy["metadata"]["namespace"] == home
        and direction in policy["spec"]["policyTypes"]
        and matches(policy["spec"]["podSelector"], labels)
    ]  # fmt: skip
    if not mine:
        return None
    rules = []
    for spec in mine:
        for rule in spec.get(direction.lower(), ()):
            for port in rule.get("ports") or [{}]:
                proto = port.get("protocol", "TCP").lower()
                wanted = ["-p", proto, "--dport", str(port["port"])] if "port" in port else []
                rules += [[*who, *wanted, "-j", "RETURN"] for who in peers(rule, key, home, pods, spaces)]
    return rules


def table(cluster: Cluster) -> str:
    """The chains in the words of iptables-restore."""
    pods = [
        each for each in cluster.items("/api/v1/pods")
        if each["status"].get("podIP") and not each["spec"].get("hostNetwork") and each["status"]["phase"] in {"Pending", "Running"}
    ]  # fmt: skip
    spaces = {
        each["metadata"]["name"]: each["metadata"].get("labels", {}) for each in cluster.items("/api/v1/namespaces")
    }
    policies = cluster.items("/apis/networking.k8s.io/v1/networkpolicies")
    chains, rules = [":TALENT - [0:0]"], ["-A TALENT -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"]
    for pod in pods:
        for direction, flag in (("Egress", "-s"), ("Ingress", "-d")):
            lines = chain(pod, direction, policies, pods, spaces)
            if lines is None:
                continue
            name = f"TALENT-{direction[:2].upper()}-{hashlib.sha256(pod['metadata']['uid'].encode()).hexdigest()[:12]}"
            chains.append(f":{name} - [0:0]")
            rules.append(f"-A TALENT {flag} {pod['status']['podIP']} -j {name}")
            rules += [f"-A {name} {' '.join(line)}" for line in lines]
            rules.append(f'-A {name} -m limit --limit 1/s -j LOG --log-prefix "refused {direction} "')
            rules.append(f"-A {name} -j DROP")
    return "\n".join(["*filter", *chains, *rules, "COMMIT", ""])


def main() -> int:
    """Keep the chains as the API server says; what was there before is taken away first."""
    cluster, before = Cluster(), ""
    while True:
        wanted = table(cluster)
        if wanted != before:
            subprocess.run(["/usr/sbin/iptables-restore", "--noflush"], input=wanted, text=True, check=True)
            hook = ["/usr/sbin/iptables", "-C", "FORWARD", "-j", "TALENT"]
            if subprocess.run(hook, capture_output=True, check=False).returncode != 0:
                subprocess.run(["/usr/sbin/iptables", "-I", "FORWARD", "1", "-j", "TALENT"], check=True)
            before = wanted
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
