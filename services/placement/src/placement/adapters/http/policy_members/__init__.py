"""Members of ``placement.yaml`` that came later, by noun: optional, so that older policies still read."""
