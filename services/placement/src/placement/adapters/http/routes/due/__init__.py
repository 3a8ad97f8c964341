"""What is due over HTTP: tasks of departments, calendars, statistics."""

from __future__ import annotations

from fastapi import APIRouter

from placement.adapters.http.routes.due import archives, calendars, hosts, sector_tasks

ROUTERS: list[APIRouter] = [sector_tasks.router, calendars.router, archives.router, hosts.router]
"""All of them."""
