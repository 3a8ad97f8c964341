"""Study groups: forming, leading, reporting (D-01, D-02)."""
