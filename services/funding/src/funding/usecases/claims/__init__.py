"""From a draft claim to its payment."""
