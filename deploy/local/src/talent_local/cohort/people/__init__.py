"""Made-up people: names from lists of parts, identity numbers that belong to nobody, careers that the policy knows."""
