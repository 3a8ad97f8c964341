"""One programme policy as typed values: code lists, rules, weights, steps (P-08, S-08)."""
