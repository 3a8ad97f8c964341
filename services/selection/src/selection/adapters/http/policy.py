"""Who may do what in selection: action × role × relation, default deny."""

from __future__ import annotations

from selection.adapters.http.policy_rights import RIGHTS
from shared.kernel.actor import Relation, Role
from shared.work.policy import PolicyTable, Rule

_APPLICANT = {Role.APPLICANT}
_UNIT = {Role.UNIT_OFFICER}
_LOCAL = {Role.LOCAL_REVIEWER}
_EXPERT = {Role.PANEL_EXPERT}
_REGION = {Role.REGIONAL_OFFICER}
_MINISTRY = {Role.MINISTRY_OFFICER}
_SETTERS = {Role.OPERATOR, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER}
_WATCHERS = {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR}
_SENDERS = {Role.UNIT_OFFICER, Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER}
_EVERYONE = frozenset(Role) - {Role.SYSTEM}

POLICY = PolicyTable(
    "selection",
    [
        Rule("audit.read", {Role.AUDITOR}),
        Rule("organisation.register", {Role.OPERATOR, Role.REGIONAL_OFFICER}),
        Rule("organisation.read", _EVERYONE),
        Rule("policy.put", _SETTERS),
        Rule("policy.read", _EVERYONE),
        Rule("batch.put", _SETTERS),
        Rule("batch.read", _EVERYONE),
        Rule("session.open", _REGION),
        Rule("session.requota", _REGION),
        Rule("session.classify", _REGION),
        Rule("session.balance", _REGION),
        Rule("session.read", _EVERYONE),
        Rule("quota.read", _EVERYONE),
        Rule("quota.reconcile", _WATCHERS | {Role.OPERATOR}),
        Rule("seat.reserve", _REGION),
        Rule("seat.release", _REGION),
        Rule("seat.read", _WATCHERS),
        Rule("call.open", _REGION),
        Rule("call.close", _REGION),
        Rule("call.read", _EVERYONE),
        Rule("eligibility.check", _APPLICANT | _UNIT | _LOCAL | _REGION),
        Rule("application.create", _APPLICANT),
        Rule("application.correct", _APPLICANT, Relation.SELF),
        Rule("application.submit", _APPLICANT, Relation.SELF),
        Rule("application.withdraw", _APPLICANT, Relation.SELF),
        Rule("application.withdraw", _UNIT, Relation.OWN_UNIT),
        Rule("application.withdraw", _REGION),
        Rule("application.recommend", _UNIT, Relation.OWN_UNIT),
        Rule("application.review", _LOCAL, Relation.REVIEWER),
        Rule("application.waive", _LOCAL, Relation.REVIEWER),
        Rule("application.waive", _REGION),
        Rule("waiver.withdraw", _LOCAL, Relation.REVIEWER),
        Rule("waiver.withdraw", _REGION),
        Rule("waiver.read", _APPLICANT, Relation.SELF),
        Rule("waiver.read", _LOCAL, Relation.REVIEWER),
        Rule("waiver.read", {Role.REGIONAL_OFFICER, Role.AUDITOR}),
        Rule("attestation.give", _UNIT, Relation.OWN_UNIT),
        Rule("attested.check", _REGION),
        Rule("session.exclude", _REGION),
        Rule("target.read", _WATCHERS),
        Rule("application.read", _APPLICANT, Relation.SELF),
        Rule("application.read", _UNIT, Relation.OWN_UNIT),
        Rule("application.read", _LOCAL, Relation.REVIEWER),
        Rule("application.read", _WATCHERS),
        Rule("recommendation.withdraw", _UNIT, Relation.OWN_UNIT),
        Rule("recommendation.read", _UNIT, Relation.OWN_UNIT),
        Rule("recommendation.read", _APPLICANT, Relation.SELF),
        Rule("recommendation.read", _WATCHERS),
        Rule("panel.form", _REGION),
        Rule("panel.assign", _REGION),
        Rule("panel.replace", _REGION),
        Rule("panel.conclude", _REGION),
        Rule("panel.conclude", _EXPERT, Relation.ASSIGNED),
        Rule("sheet.read", _EXPERT, Relation.ASSIGNED),
        Rule("sheet.read", {Role.REGIONAL_OFFICER, Role.AUDITOR}),
        Rule("panel.declare", _EXPERT, Relation.ASSIGNED),
        Rule("panel.score", _EXPERT, Relation.ASSIGNED),
        Rule("panel.read", _EXPERT, Relation.ASSIGNED),
        Rule("panel.read", {Role.REGIONAL_OFFICER, Role.AUDITOR}),
        Rule("candidate.read", _EXPERT, Relation.ASSIGNED),
        Rule("run.confirm", _REGION),
        Rule("run.read", _WATCHERS),
        Rule("roster.fix", _REGION),
        Rule("roster.file", _REGION),
        Rule("roster.discard", _REGION),
        Rule("roster.acknowledge", _MINISTRY),
        Rule("roster.return", _MINISTRY),
        Rule("roster.amend", _REGION),
        Rule("vacancy.accept", _APPLICANT, Relation.SELF),
        Rule("vacancy.decline", _APPLICANT, Relation.SELF),
        Rule("vacancy.reopen", _REGION),
        Rule("vacancy.read", _APPLICANT, Relation.SELF),
        Rule("vacancy.read", _WATCHERS),
        Rule("roster.read", _WATCHERS),
        Rule("filing.verify", _WATCHERS | {Role.AGENCY}),
        Rule("obligation.read", _APPLICANT | _EXPERT, Relation.SELF),
        Rule("obligation.read", _UNIT, Relation.OWN_UNIT),
        Rule("obligation.read", _LOCAL, Relation.REVIEWER),
        Rule("obligation.read", _WATCHERS),
        Rule("person.lookup", {Role.SERVICE}),
        Rule("import.template", _EVERYONE - {Role.SERVICE}),
        Rule("import.start", _SENDERS),
        Rule("job.read", _SENDERS | {Role.MINISTRY_OFFICER, Role.AUDITOR}, Relation.OWN_UNIT),
        Rule("job.download", _SENDERS | {Role.MINISTRY_OFFICER, Role.AUDITOR}, Relation.OWN_UNIT),
        Rule("job.confirm", _SENDERS, Relation.OWN_UNIT),
        Rule("job.cancel", _SENDERS | {Role.MINISTRY_OFFICER, Role.AUDITOR}, Relation.OWN_UNIT),
        Rule("job.restart", _SENDERS | {Role.MINISTRY_OFFICER, Role.AUDITOR}, Relation.OWN_UNIT),
        Rule("export.start", _SENDERS | _WATCHERS),
        Rule("application.claim", _APPLICANT),
        *RIGHTS,
    ],
)
