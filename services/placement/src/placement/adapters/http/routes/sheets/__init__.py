"""Routes by which registers and completions arrive and leave as sheets, in one request or as a job."""

from placement.adapters.http.routes.sheets.completions import router as completions
from placement.adapters.http.routes.sheets.hosts import exports
from placement.adapters.http.routes.sheets.hosts import router as hosts

ROUTERS = [exports, hosts, completions]
"""Before the routers of single hosts."""
