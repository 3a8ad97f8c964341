"""What the auditor does, and what the audited answer."""
