"""What an auditor checks from outside, through the gateway alone."""
