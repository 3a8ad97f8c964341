"""Agreements: N parties in roles, editions, signatures on screen or paper, filing (M-04, M-10)."""

from __future__ import annotations

from placement.domain.agreements.agreement import Agreement
from placement.domain.agreements.parties import Party
from placement.domain.agreements.responsibilities import Terms
from placement.domain.agreements.states import AGREEMENT, AgreementState

__all__ = ["AGREEMENT", "Agreement", "AgreementState", "Party", "Terms"]
