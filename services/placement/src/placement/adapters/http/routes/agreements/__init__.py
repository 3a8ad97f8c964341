"""Routes of agreements by noun."""

from __future__ import annotations

from placement.adapters.http.routes.agreements import editions, filings, pages

ROUTERS = [editions.router, editions.matrices, pages.router, filings.router]
