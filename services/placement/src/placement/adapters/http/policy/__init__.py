"""Who may do what: action × role × relation (the matrix of the gateway's documents is made from it)."""

from __future__ import annotations

from placement.adapters.http.policy.agreements import AGREEMENTS
from placement.adapters.http.policy.cases import CASES
from placement.adapters.http.policy.checkins import CHECKINS
from placement.adapters.http.policy.classes import CLASSES
from placement.adapters.http.policy.groups import GROUPS
from placement.adapters.http.policy.inspections import INSPECTIONS
from placement.adapters.http.policy.jobs import JOBS
from placement.adapters.http.policy.missions import MISSIONS
from placement.adapters.http.policy.online import ONLINE
from placement.adapters.http.policy.pairing import PAIRING
from placement.adapters.http.policy.pretraining import PRE_TRAINING
from placement.adapters.http.policy.term import TERM
from shared.work.policy import PolicyTable

POLICY = PolicyTable(
    "placement",
    [
        *AGREEMENTS,
        *CASES,
        *PRE_TRAINING,
        *CLASSES,
        *TERM,
        *MISSIONS,
        *JOBS,
        *PAIRING,
        *GROUPS,
        *INSPECTIONS,
        *CHECKINS,
        *ONLINE,
    ],
)
