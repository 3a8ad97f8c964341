"""Assessments: evidence, scores, results, appeals."""
