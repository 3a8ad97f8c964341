"""Drills: what operators must be able to do on a bad day, done on a platform of its own and measured.

``python -m talent_local.drills`` lists them; docs/operations.md tells the same steps for a cluster.
"""
