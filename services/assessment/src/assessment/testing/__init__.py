"""Support for tests and benchmarks of assessment; never imported by the service."""
