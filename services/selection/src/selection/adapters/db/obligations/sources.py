"""One query per kind of obligation; another part of selection adds its own by appending to ``SOURCES``.

Every query gives the columns of ``COLUMNS`` in their order. ``subject`` is the thing that waits; of ``account``, ``unit``
and ``reviewer`` the one that owes is set, none when the role as such owes. ``s`` is the session of the
thing, ``p`` its policy.
"""

from __future__ import annotations

COLUMNS = (
    "id", "kind", "role", "account", "unit", "reviewer", "subject_kind", "subject", "session_id", "due_on",
    "escalation_days", "updated_at",
)  # fmt: skip

_POLICY = "JOIN registered_policy p ON p.programme = s.programme AND p.policy_version = s.policy_version"


def due(base: str, kind: str) -> str:
    """The last day of an obligation: the policy's days for this kind after the moment ``base``, or null."""
    days = f"CAST(p.resolved #>> '{{deadlines,{kind}}}' AS int)"
    return f"CAST({base} AT TIME ZONE 'Asia/Shanghai' AS date) + {days}"


def source(
    kind: str,
    role: str,
    subject: str,
    due_on: str,
    rest: str,
    *,
    alias: str,
    account: str = "NULL",
    unit: str = "NULL",
    reviewer: str = "NULL",
    since: str = "",
) -> str:
    """A query of obligations.

    Args:
        kind: code of what is due.
        role: who owes it.
        subject: kind of the thing, the name of its table.
        due_on: expression of the last day, or NULL.
        rest: from the second table of FROM to the end.
        alias: of the subject's table.
        account: expression of the person who owes.
        unit: expression of the sending unit that owes.
        reviewer: expression of the reviewing authority that owes.
        since: expression of when it last changed; also the key of the page.
    """
    who = next((each for each in (account, unit, reviewer) if each != "NULL"), "''")
    session = "" if subject == "session" else f"JOIN session s ON s.id = {alias}.session_id"
    return (
        f"SELECT CAST(md5('{kind}' || {alias}.id || {who}) AS uuid), '{kind}', '{role}', CAST({account} AS text), "  # noqa: S608 - all of it is written here
        f"CAST({unit} AS text), CAST({reviewer} AS text), '{subject}', {alias}.id, s.id, CAST({due_on} AS date), "
        f"coalesce(CAST(p.resolved #>> '{{deadlines,escalation}}' AS int), 7), {since or alias + '.updated_at'} "
        f"FROM {subject} {alias} {session} {_POLICY} {rest}"
    )


_READY = (
    "a.state IN ('submitted', 'local_approved', 'panel_reviewed', 'classified') AND CASE a.state "
    "WHEN 'classified' THEN true WHEN 'panel_reviewed' THEN NOT a.required_steps ? 'classification' "
    "WHEN 'local_approved' THEN NOT a.required_steps ?| ARRAY['classification', 'panel'] "
    "ELSE NOT a.required_steps ?| ARRAY['classification', 'panel', 'local_review'] END"
)
_TO_CLASSIFY = (
    "a.required_steps ? 'classification' AND CASE a.state WHEN 'panel_reviewed' THEN true "
    "WHEN 'local_approved' THEN NOT a.required_steps ? 'panel' "
    "WHEN 'submitted' THEN NOT a.required_steps ?| ARRAY['panel', 'local_review'] ELSE false END"
)
_SEALED = (
    "CASE r.state WHEN 'filing_returned' THEN CAST(r.filings -> -1 ->> 'answered_at' AS timestamptz) ELSE "
    "(SELECT d.made_at FROM roster_edition d WHERE d.roster_id = r.id AND d.number = r.roster_version) END"
)
_OPEN_ROSTER = "EXISTS (SELECT FROM roster r WHERE r.session_id = s.id AND r.state <> 'discarded')"
_LEFT_TO_SCORE = (
    "EXISTS (SELECT FROM application a WHERE a.session_id = n.session_id AND a.state IN ('submitted', 'local_approved') "
    "AND (n.specialty_groups = '[]' OR n.specialty_groups ? (a.form ->> 'specialty_group')) "
    "AND (a.state = 'local_approved' OR NOT a.required_steps ? 'local_review') "
    "AND NOT EXISTS (SELECT FROM score_sheet t WHERE t.panel_id = n.id AND t.application_id = a.id AND t.expert = e.expert) "
    "AND NOT EXISTS (SELECT FROM conflict_of_interest f WHERE f.panel_id = n.id AND f.application_id = a.id "
    "AND f.expert = e.expert))"
)


def _session_of(kind: str, condition: str, more: str) -> str:
    """An obligation of the region as soon as one application of a session meets a condition."""
    since = "q.since"
    rest = (
        f"CROSS JOIN LATERAL (SELECT max(a.updated_at) AS since FROM application a WHERE a.session_id = s.id "  # noqa: S608 - all of it is written here
        f"AND {condition}) q WHERE q.since IS NOT NULL AND NOT {more}"
    )
    return source(kind, "regional_officer", "session", due(since, kind), rest, alias="s", since=since)


SOURCES = [
    source(
        "recommendation", "unit_officer", "application",
        f"coalesce({due('a.submitted_at', 'recommendation')}, CAST(c.closes_at AT TIME ZONE 'Asia/Shanghai' AS date))",
        "JOIN call c ON c.id = a.call_id WHERE a.state = 'submitted' AND a.required_steps ? 'recommendation' AND NOT EXISTS "
        "(SELECT FROM recommendation r WHERE r.call_id = a.call_id AND r.account = a.account AND r.unit = a.unit "
        "AND r.state IN ('given', 'refused'))",
        alias="a", unit="a.unit",
    ),
    source(
        "local_review", "local_reviewer", "application", due("a.submitted_at", "local_review"),
        "WHERE a.state = 'submitted' AND a.required_steps ? 'local_review'", alias="a", reviewer="a.reviewer",
    ),
    source(
        "appeal", "regional_officer", "appeal", "x.due_by",
        "WHERE x.state IN ('filed', 'accepted', 'under_review')", alias="x",
    ),
    source(
        "appeal_remedy", "regional_officer", "appeal", "NULL",
        "WHERE x.state IN ('upheld', 'partly_upheld')", alias="x",
    ),
    source(
        "correction", "applicant", "application", "a.correct_by", "WHERE a.state = 'returned_for_correction'",
        alias="a", account="a.account",
    ),
    source(
        "sheets", "panel_expert", "panel", due("n.created_at", "sheets"),
        "CROSS JOIN LATERAL jsonb_array_elements_text(n.experts) AS e(expert) "
        f"WHERE n.state = 'open' AND {_LEFT_TO_SCORE}",
        alias="n", account="e.expert",
    ),
    _session_of("classification", _TO_CLASSIFY, "false"),
    _session_of(
        "balancing", _READY,
        f"({_OPEN_ROSTER} OR EXISTS (SELECT FROM balancing_run b WHERE b.session_id = s.id AND b.state = 'proposed'))",
    ),
    source(
        "confirmation", "regional_officer", "balancing_run", due("b.created_at", "balancing"),
        f"WHERE b.state = 'proposed' AND NOT {_OPEN_ROSTER}", alias="b",
    ),
    source(
        "fixing", "regional_officer", "roster", due("r.created_at", "fixing"), "WHERE r.state = 'proposed'", alias="r",
    ),
    source(
        "filing", "regional_officer", "roster", due(_SEALED, "filing"),
        "WHERE r.state IN ('fixed', 'amended', 'filing_returned')", alias="r",
    ),
    source(
        "acknowledgement", "ministry_officer", "roster", due("CAST(r.filings -> -1 ->> 'filed_at' AS timestamptz)", "acknowledgement"),
        "WHERE r.state = 'filed'", alias="r",
    ),
    source(
        "reserve_answer", "applicant", "vacancy",
        "(v.answer_by - interval '1 second') AT TIME ZONE 'Asia/Shanghai'",
        "JOIN application a ON a.id = v.offered_to WHERE v.state = 'offered'", alias="v", account="a.account",
    ),
    source(
        "vacancy", "regional_officer", "vacancy",
        "s.planned_start + CAST(p.resolved #>> '{reserve,replacement_until_days}' AS int)",
        "WHERE v.state = 'vacant'", alias="v",
    ),
]  # fmt: skip
"""Every kind of obligation."""
