"""The auditor: samples drawn by a published rule, findings and what was done about them (F-06)."""
