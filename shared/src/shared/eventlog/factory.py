"""Which log a URL names."""

from __future__ import annotations

from shared.eventlog.port import EventLog


def open_event_log(url: str, *, session_seconds: float = 10.0) -> EventLog:
    """The event log behind a URL; nothing is connected yet.

    Args:
        url: ``kafka://host:port[,host:port]``, ``kafka+ssl://host:port?ca=…&certificate=…&key=…`` (paths of PEM files;
            both sides show certificates) or ``embedded+postgresql://…`` (the rest is an asyncpg DSN, unix sockets as
            ``?host=/directory``).
        session_seconds: silence after which a member of a group is given up.

    Raises:
        ValueError: the URL names no log of ours.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "kafka":
        from shared.eventlog.kafka import KafkaLog

        return KafkaLog(rest.rstrip("/"), session_seconds=session_seconds)
    if scheme == "kafka+ssl":
        from shared.eventlog.kafka import KafkaLog
        from shared.identity.certificates import Certificates

        bootstrap, _, query = rest.partition("?")
        return KafkaLog(bootstrap.rstrip("/"), session_seconds=session_seconds, tls=Certificates.of(query))
    if scheme == "embedded+postgresql":
        from shared.eventlog.embedded import EmbeddedLog

        return EmbeddedLog(f"postgresql://{rest}", session_seconds=session_seconds)
    raise ValueError(f"not an event log URL: {scheme}://…; use kafka://, kafka+ssl:// or embedded+postgresql://")
