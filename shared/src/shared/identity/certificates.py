"""Mutual TLS with Kafka: who we are is a certificate, and the broker's access lists name it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Certificates:
    """Paths of PEM files, read anew for every client that is built, so that a renewed certificate needs no restart.

    Attributes:
        ca: authority of the brokers.
        certificate: our own certificate, with its chain.
        key: its private key.
    """

    ca: str
    certificate: str
    key: str

    @classmethod
    def of(cls, query: str) -> Certificates:
        """From the query of a ``kafka+ssl://`` URL.

        Raises:
            ValueError: one of the three is missing, or given twice, or something else is given.
        """
        given = parse_qs(query, strict_parsing=True) if query else {}
        if sorted(given) != ["ca", "certificate", "key"] or any(len(paths) > 1 for paths in given.values()):
            raise ValueError("kafka+ssl:// needs exactly ?ca=…&certificate=…&key=…, each the path of a PEM file")
        return cls(**{name: paths[0] for name, paths in given.items()})

    def context(self) -> ssl.SSLContext:
        """A context that trusts this authority alone, checks host names and shows our certificate."""
        context = ssl.create_default_context(cafile=self.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        return context


def security(tls: Certificates | None) -> dict[str, Any]:
    """The settings of an aiokafka client for these certificates, none for a plain connection."""
    return {} if tls is None else {"security_protocol": "SSL", "ssl_context": tls.context()}
