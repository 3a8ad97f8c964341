"""Routes of short classes, a router per noun."""

from __future__ import annotations

from placement.adapters.http.routes.classes import courses, delegates, register, summary

ROUTERS = [courses.router, delegates.router, register.router, summary.router]
