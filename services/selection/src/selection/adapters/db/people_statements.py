"""Longer statements about people: retention, anonymising, and all that is held of a person."""

from __future__ import annotations

SELECTED = """
    SELECT DISTINCT a.person_id
    FROM roster r
    JOIN roster_edition e ON e.roster_id = r.id AND e.number = 1
    CROSS JOIN LATERAL jsonb_array_elements(CAST(e.document AS jsonb) -> 'selected') AS line
    JOIN application a ON a.id = CAST(line ->> 'participation' AS uuid)
    WHERE r.session_id = :session AND r.state <> 'discarded'
    ORDER BY a.person_id
"""

ROSTER_TOLD = """
    SELECT r.id, r.fixed_at, r.run_id, r.swaps, b.seed, b.input_sha256, b.places, b.candidates,
           ARRAY(SELECT DISTINCT subject FROM audit WHERE object_id = CAST(r.id AS text) AND outcome = 'done'
                 AND action IN ('run.confirm', 'roster.fix')) AS officers
    FROM roster r JOIN balancing_run b ON b.id = r.run_id
    WHERE r.session_id = :session AND r.fixed_at IS NOT NULL AND r.state <> 'discarded'
"""

PANEL_MEANS = """
    SELECT key AS criterion, round(avg(CAST(value AS numeric)), 2) AS mean, count(*) AS sheets
    FROM score_sheet CROSS JOIN LATERAL jsonb_each_text(scores)
    WHERE application_id = :application GROUP BY key ORDER BY key
"""

HOLDS = """
    SELECT DISTINCT code FROM (
        SELECT 'legal-hold' AS code FROM legal_hold WHERE person_id = :person AND released_at IS NULL
        UNION ALL
        SELECT 'appeal-open' FROM appeal
        WHERE person_id = :person AND state NOT IN ('withdrawn', 'closed', 'dismissed', 'inadmissible')
        UNION ALL
        SELECT 'correction-open' FROM correction WHERE person_id = :person AND state = 'filed'
    ) AS standing ORDER BY code
"""

DUE = """
    WITH story AS (
        SELECT a.person_id,
               bool_and(a.state NOT IN ('selected', 'completed', 'reserve') AND a.started_on IS NULL) AS unsuccessful,
               bool_and(a.state NOT IN ('selected', 'reserve')) AS ended,
               bool_and(c.id IS NOT NULL OR s.planned_end < CAST(:today AS date)) AS counted,
               max(s.planned_start + coalesce(CAST(p.resolved #>> '{appeals,file_within_days}' AS int), 60)) AS appealable,
               max(CASE WHEN a.started_on IS NULL AND a.state <> 'completed' THEN s.planned_start ELSE s.planned_end END)
                   AS over
        FROM application a
        JOIN session s ON s.id = a.session_id
        LEFT JOIN registered_policy p ON p.programme = a.programme AND p.policy_version = a.policy_version
        LEFT JOIN composition_statistic c ON c.session_id = s.id
        GROUP BY a.person_id
    ), held AS (
        SELECT person_id FROM legal_hold WHERE released_at IS NULL
        UNION SELECT person_id FROM appeal WHERE state NOT IN ('withdrawn', 'closed', 'dismissed', 'inadmissible')
        UNION SELECT person_id FROM correction WHERE state = 'filed'
    ), due AS (
        SELECT 'unsuccessful-applicant' AS rule, person_id FROM story
        WHERE unsuccessful AND appealable + CAST(:unsuccessful_applicant AS int) < CAST(:today AS date)
        UNION ALL
        SELECT 'core-record', person_id FROM story WHERE NOT unsuccessful AND ended AND over + CAST(:core_record AS int) < CAST(:today AS date)
        UNION ALL
        SELECT 'sensitive-at-purpose-end', person_id FROM story
        WHERE ended AND over + CAST(:sensitive_at_purpose_end AS int) < CAST(:today AS date) AND EXISTS (
            SELECT FROM vault_item i WHERE i.person_id = story.person_id AND i.consent_id IS NOT NULL)
        UNION ALL
        SELECT 'composition-counted', person_id FROM story
        WHERE counted AND CAST(:composition_counted AS int) >= 0 AND EXISTS (
            SELECT FROM vault_item i WHERE i.person_id = story.person_id AND i.attribute = 'ethnicity')
    )
    SELECT due.rule, due.person_id AS person FROM due
    JOIN person ON person.id = due.person_id AND person.erased_at IS NULL
    WHERE due.person_id NOT IN (SELECT person_id FROM held)
    ORDER BY due.person_id, due.rule
"""

ANONYMISE = (
    """UPDATE application SET account = :placeholder, birth_date = :birth, version = version + 1, updated_at = now(),
        local_decision = local_decision || '{"comment": null}',
        waivers = (SELECT coalesce(jsonb_agg(w || '{"reason": "-"}' ORDER BY n), '[]')
                   FROM jsonb_array_elements(waivers) WITH ORDINALITY AS l(w, n))
        WHERE person_id = :person""",
    "UPDATE recommendation SET account = :placeholder, reason = NULL, version = version + 1, updated_at = now() WHERE account = :account",
    """UPDATE appeal SET account = :placeholder, grounds = NULL, remedy_note = NULL, version = version + 1, updated_at = now(),
        reason = CASE WHEN reason IS NULL THEN NULL ELSE '-' END WHERE person_id = :person""",
    """UPDATE correction SET account = :placeholder, version = version + 1, updated_at = now(), wanted_sealed = '',
        reason = CASE WHEN reason IS NULL THEN NULL ELSE '-' END WHERE person_id = :person""",
    """UPDATE score_sheet SET comment = NULL, version = version + 1, updated_at = now()
        WHERE comment IS NOT NULL AND application_id IN (SELECT id FROM application WHERE person_id = :person)""",
    """UPDATE waiver SET reason = '-', version = version + 1, updated_at = now(),
        withdrawal_reason = CASE WHEN withdrawal_reason IS NULL THEN NULL ELSE '-' END
        WHERE application_id IN (SELECT id FROM application WHERE person_id = :person)""",
    """UPDATE import_row SET identity_index = NULL, likeness = NULL, digest = NULL
        WHERE application IN (SELECT id FROM application WHERE person_id = :person)""",
    """UPDATE registration SET digest = '', version = version + 1, updated_at = now()
        WHERE id IN (SELECT id FROM application WHERE person_id = :person)""",
    "DELETE FROM attestation WHERE account = :account",
    "DELETE FROM vault_item WHERE person_id = :person",
    "DELETE FROM idempotency WHERE principal = :account",
)
"""What remains of a person are codes under participation ids."""

EVERYTHING = {
    "applications": "SELECT to_jsonb(t) - 'person_id' AS row FROM application t WHERE person_id = :person ORDER BY id",
    "recommendations": "SELECT to_jsonb(t) AS row FROM recommendation t WHERE account = :account ORDER BY id",
    "panel_means": """
        SELECT jsonb_build_object('application', application_id, 'criterion', key, 'mean',
               round(avg(CAST(value AS numeric)), 2), 'sheets', count(*)) AS row
        FROM score_sheet CROSS JOIN LATERAL jsonb_each_text(scores)
        WHERE application_id IN (SELECT id FROM application WHERE person_id = :person) AND EXISTS (SELECT FROM application a WHERE a.id = application_id AND
              a.explanation IS NOT NULL)
        GROUP BY application_id, key ORDER BY application_id, key""",
    "panel_results": """
        SELECT to_jsonb(t) AS row FROM panel_result t
        WHERE application_id IN (SELECT id FROM application WHERE person_id = :person AND explanation IS NOT NULL)
        ORDER BY id""",
    "waivers": """
        SELECT to_jsonb(t) AS row FROM waiver t
        WHERE application_id IN (SELECT id FROM application WHERE person_id = :person) ORDER BY id""",
    "attestations": "SELECT to_jsonb(t) AS row FROM attestation t WHERE account = :account ORDER BY id",
    "registrations": """
        SELECT to_jsonb(t) - 'digest' - 'claim_index' AS row FROM registration t
        WHERE id IN (SELECT id FROM application WHERE person_id = :person) ORDER BY id""",
    "seats": """
        SELECT to_jsonb(t) AS row FROM seat t
        WHERE participation IN (SELECT id FROM application WHERE person_id = :person) ORDER BY id""",
    "vacancies": """
        SELECT jsonb_build_object('cause', cause, 'stage', stage, 'state', state, 'vacated_at', vacated_at) AS row
        FROM vacancy WHERE participation IN (SELECT id FROM application WHERE person_id = :person) ORDER BY id""",
    "appeals": "SELECT to_jsonb(t) - 'person_id' - 'excluded' AS row FROM appeal t WHERE person_id = :person ORDER BY id",
    "corrections": """
        SELECT to_jsonb(t) - 'person_id' - 'wanted_sealed' AS row FROM correction t WHERE person_id = :person ORDER BY id""",
    "consents": "SELECT to_jsonb(t) - 'person_id' AS row FROM consent t WHERE person_id = :person ORDER BY id",
    "reads": "SELECT to_jsonb(t) - 'person_id' AS row FROM vault_read t WHERE person_id = :person ORDER BY id",
    "acts": """
        SELECT jsonb_build_object('at', business_at, 'action', action, 'object_type', object_type, 'object_id', object_id,
               'outcome', outcome) AS row FROM audit WHERE subject = :account ORDER BY id""",
}
"""Kind → statement with one column ``row``; experts' sheets are shown as means, once they were announced."""
