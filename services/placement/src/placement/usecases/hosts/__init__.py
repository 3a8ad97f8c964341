"""The register of hosts and of their mentors."""
