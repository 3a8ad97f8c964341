"""What is due from whom, derived from the state of things at the moment of asking; nothing of it is stored."""
