"""Chinese wordings of what this service refuses; ``{members}`` are the values of the refusal."""

from __future__ import annotations

from assessment.adapters.http.messages.accrediting import ACCREDITING
from assessment.adapters.http.messages.credentials import CREDENTIALS
from assessment.adapters.http.messages.papers import PAPERS
from assessment.adapters.http.messages.results import RESULTS
from assessment.adapters.http.messages.returning import RETURNING

ZH: dict[str, str] = {
    **ACCREDITING,
    **CREDENTIALS,
    **RESULTS,
    **PAPERS,
    **RETURNING,
}
