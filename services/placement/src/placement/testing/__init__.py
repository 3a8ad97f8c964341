"""Support of the tests of placement; never imported by the service itself."""
