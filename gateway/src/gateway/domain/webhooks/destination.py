"""Where a webhook may lead: the rules of the URL, and the addresses that are never spoken to (server-side forgery)."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from shared.kernel.refusals import Finding

LONGEST = 2000
"""Characters of a URL."""

_FORBIDDEN_4 = tuple(
    (ip_network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this host"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "carrier NAT"),
        ("127.0.0.0/8", "loopback"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"), ("192.0.2.0/24", "documentation"), ("192.31.196.0/24", "reserved"),
        ("192.52.193.0/24", "reserved"), ("192.88.99.0/24", "6to4 relay"), ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "reserved"), ("198.18.0.0/15", "benchmarking"), ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
        ("100.100.100.200/32", "metadata"), ("168.63.129.16/32", "metadata"),
    )
)  # fmt: skip
_GLOBAL_6 = IPv6Network("2000::/3")
"""The only IPv6 space that is given out for public addresses; everything else is refused without being named."""
_FORBIDDEN_6 = tuple(
    (ip_network(network), why)
    for network, why in (
        ("2001::/23", "reserved"), ("2001:db8::/32", "documentation"), ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "reserved"), ("3fff::/20", "documentation"),
    )
)  # fmt: skip
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "svc", "test", "invalid",
                "example", "onion", "arpa")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DestinationRules:
    """What the operator allows.

    Attributes:
        ports: ports that may be spoken to.
        loopback: True lets a developer receive on this machine, also without TLS and on any port; never outside
            development.
    """

    ports: frozenset[int]
    loopback: bool = False

    def judge(self, url: str) -> list[Finding]:
        """Everything that is wrong with a URL, before any name is looked up. Empty when it may be tried."""
        if len(url) > LONGEST or not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>^`{|}'):
            return [_finding("url-characters", "The URL must be printable ASCII; write other names in punycode.")]
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return [_finding("url-malformed", "This is not a URL.")]
        host = parts.hostname or ""
        if self.loopback and _is_loopback(host):
            plain = parts.scheme in {"http", "https"} and parts.username is None and not parts.fragment
            return [] if plain else [_finding("url-malformed", "This is not a URL of a receiver.")]
        return self._outside(parts, host, port)

    def _outside(self, parts: SplitResult, host: str, port: int | None) -> list[Finding]:
        found = []
        if parts.scheme != "https":
            found.append(_finding("url-not-https", "Webhooks go over https only."))
        if parts.username is not None or parts.password is not None:
            found.append(_finding("url-credentials", "The URL must not carry credentials."))
        if parts.fragment:
            found.append(_finding("url-fragment", "The URL must not have a fragment."))
        if (443 if port is None else port) not in self.ports:
            allowed = sorted(self.ports)
            found.append(_finding("url-port", f"The port must be one of {allowed}.", allowed=allowed))
        if (why := forbidden_host(host)) is not None:
            found.append(_finding("url-host", f"The host may not be spoken to: {why}.", why=why))
        return found

    def refuses(self, address: str) -> str | None:
        """Why a resolved address may not be connected to, or None."""
        if self.loopback and _is_loopback(address):
            return None
        return forbidden_address(address)


def forbidden_host(host: str) -> str | None:
    """Why a host of a URL is refused by its form alone, or None: not canonical, not a public name, not public."""
    if not host or host.endswith(".") or ".." in host or "%" in host or len(host) > 253:
        return "not a canonical host name"
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return forbidden_address(host)
    labels = host.lower().split(".")
    if ":" in host or labels[-1][:1].isdigit():
        return "not a canonical address"
    if len(labels) == 1 or labels[-1] in _LOCAL_NAMES or "svc" in labels:
        return "not a public name"
    legal = all(
        0 < len(label) <= 63 and label.replace("-", "a").isalnum() and label[0] != "-" and label[-1] != "-"
        for label in labels
    )
    return None if legal else "not a canonical host name"


def forbidden_address(address: str) -> str | None:
    """Why an address is never connected to, or None when it is a public unicast address."""
    try:
        found = ip_address(address)
    except ValueError:
        return "not an address"
    if isinstance(found, IPv4Address):
        return next((why for network, why in _FORBIDDEN_4 if found in network), None)
    return _forbidden_6(found)


def _forbidden_6(found: IPv6Address) -> str | None:
    if found.scope_id is not None:
        return "scoped"
    if found.ipv4_mapped is not None:
        return "IPv4-mapped"
    if found not in _GLOBAL_6:
        return "not public"
    return next((why for network, why in _FORBIDDEN_6 if found in network), None)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _finding(code: str, detail: str, **values: object) -> Finding:
    return Finding(code, detail, pointer="/url", values=dict(values))
