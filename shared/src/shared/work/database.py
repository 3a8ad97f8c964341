"""Engines: the pool of one service, with time limits that no statement escapes."""

from __future__ import annotations

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


def open_engine(url: str, *, pool: int = 10, application: str = "talent") -> AsyncEngine:
    """An asyncpg engine for ``postgresql+asyncpg://`` URLs.

    Args:
        url: SQLAlchemy URL.
        pool: connections kept and the most that are opened.
        application: shown in ``pg_stat_activity``.
    """
    return create_async_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        pool_recycle=1800,
        hide_parameters=True,  # an error of the driver must not carry names into the log
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": 5,
            "command_timeout": 60,
            "server_settings": {
                "application_name": application,
                "lock_timeout": "10s",
                "statement_timeout": "30s",
                "idle_in_transaction_session_timeout": "60s",
                "timezone": "UTC",
                "jit": "off",
            },
        },
    )
