"""Chinese wordings of placement's refusals, by code."""

from __future__ import annotations

from placement.adapters.http.messages.agreements import AGREEMENTS
from placement.adapters.http.messages.cases import CASES
from placement.adapters.http.messages.checkins import CHECKINS
from placement.adapters.http.messages.classes import CLASSES
from placement.adapters.http.messages.groups import GROUPS
from placement.adapters.http.messages.inspections import INSPECTIONS
from placement.adapters.http.messages.jobs import JOBS
from placement.adapters.http.messages.matching import MATCHING
from placement.adapters.http.messages.mentors import MENTORS
from placement.adapters.http.messages.missions import MISSIONS
from placement.adapters.http.messages.online import ONLINE
from placement.adapters.http.messages.pairing import PAIRING
from placement.adapters.http.messages.plans import PLANS
from placement.adapters.http.messages.pretraining import PRE_TRAINING
from placement.adapters.http.messages.term import TERM

ZH: dict[str, str] = {
    **AGREEMENTS,
    **CASES,
    **CLASSES,
    **MENTORS,
    **PLANS,
    **MISSIONS,
    **PRE_TRAINING,
    **JOBS,
    **TERM,
    **GROUPS,
    **INSPECTIONS,
    **MATCHING,
    **PAIRING,
    **CHECKINS,
    **ONLINE,
}
