"""What every service's web face has in common: guards, commands, queries, problems, pages, health."""
