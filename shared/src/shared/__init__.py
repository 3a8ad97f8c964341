"""Published contracts and plumbing of the platform; no rule of any service lives here."""
