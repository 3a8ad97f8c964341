"""The panel of experts: conflicts of interest, score sheets, the mean (S-05)."""
