"""Short classes: sessions, seats by unit category, attendance, groups, materials, questions, evaluation (K-01 to K-09)."""
