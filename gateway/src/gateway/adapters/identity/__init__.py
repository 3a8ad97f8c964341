"""Who calls: tokens of the configured issuer in, sixty-second tokens for one service out."""
