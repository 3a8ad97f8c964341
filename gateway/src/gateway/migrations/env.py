"""Runs the gateway's migrations."""

from gateway.adapters.db.tables import metadata
from shared.work.migrations import run_environment

run_environment(metadata)
