"""The authorization matrix on stored things: what is there, who asks, what must come, what came (decision 0043)."""
