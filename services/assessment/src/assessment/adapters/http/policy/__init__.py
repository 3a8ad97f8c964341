"""Who may do what, as one table: action × role × how the caller stands to the thing."""

from __future__ import annotations

from assessment.adapters.http.policy.accrediting import ACCREDITING
from assessment.adapters.http.policy.issuing import ISSUING
from assessment.adapters.http.policy.papers import PAPERS
from assessment.adapters.http.policy.results import RESULTS
from assessment.adapters.http.policy.returning import RETURNING
from shared.work.policy import PolicyTable

POLICY = PolicyTable(
    "assessment",
    [
        *ACCREDITING,
        *RESULTS,
        *PAPERS,
        *ISSUING,
        *RETURNING,
    ],
)
