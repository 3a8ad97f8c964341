"""Calibration of score sheets: what a strict or a lenient expert adds or takes away, exactly and boundedly (S-05, P-11)."""

from __future__ import annotations

CALIBRATIONS = ("none", "expert_shift")
"""What a policy may choose."""
