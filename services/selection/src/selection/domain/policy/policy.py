"""What a policy says, as typed values; decisions store the version they were taken under (S-08)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from selection.domain.applying.application import Application
from selection.domain.balancing.tree import QuotaNode
from selection.domain.codes import ReviewRoute, Step, UnitClass
from selection.domain.eligibility.rules import Rule
from selection.domain.policy.balancing import BalancingRules
from selection.domain.policy.places import Places
from selection.domain.policy.rights import AppealTerms, Composition
from shared.kernel.actor import Role

IMPORTERS = frozenset({Role.UNIT_OFFICER, Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER})
"""Who may register people by sheet where a policy says nothing; their rows arrive as drafts then."""


@dataclass(frozen=True, slots=True)
class Specialty:
    """A professional specialty and the group it is balanced under; ``shortage`` marks urgent need (P-05)."""

    code: str
    group: str
    shortage: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """A scoring criterion of the panel; the weights of all criteria sum to 100 (P-11)."""

    code: str
    weight: int


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What a policy proposes for one session; None where the batch's plan counts (W-04: terms differ by direction)."""

    code: str
    planned_start: date | None = None
    quota_nodes: tuple[QuotaNode, ...] | None = None
    direction: str | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class PanelRules:
    """What a panel must keep to (S-05).

    Attributes:
        experts_present: fewest experts at the conclusion; ``sheets_kept``: fewest sheets of every candidate.
        calibration: ``none`` or ``expert_shift``; ``calibration_limit``: the largest shift, in points.
        spread_limit: points between the highest and the lowest sheet beyond which the minutes need a note.
    """

    experts_present: int = 1
    sheets_kept: int = 1
    calibration: str = "none"
    calibration_limit: Decimal = Decimal(10)
    spread_limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The selection method of one version of one programme.

    Attributes:
        term: duration of the placement, ISO 8601, whole years or months (P-03).
        steps: steps a call requires unless it says otherwise.
        sheets_required: score sheets a candidate needs before the mean counts.
        reserve_size: how many are kept in order behind the selected.
        replacement_until_days: last day, counted from the planned start, on which the reserve may step in.
        correction_days: days an applicant has to correct a returned application.
        rejection_reasons: reason code → clause it rests on.
        places: seats, leaving, the reserve's answer, deadlines.
        import_allowed_for: roles that may register people by sheet (S-03).
        import_arrives_submitted: whether registered applications arrive handed in, or as drafts for the person.
        quota_nodes: the batch's tree, copied by every session that has none of its own.
        attestation_keep_days: days after the roster is fixed, for appeals, before attested facts are deleted.
        balancing: quotas that cross the tree, a cap per unit.
    """

    programme: str
    version: str
    direction: str
    term: str
    steps: tuple[Step, ...]
    specialty_groups: frozenset[str]
    specialties: dict[str, Specialty]
    study_directions: frozenset[str]
    focus_areas: frozenset[str]
    rejection_reasons: dict[str, str]
    withdrawal_reasons: frozenset[str]
    routing: dict[UnitClass, ReviewRoute]
    profiles: dict[str, tuple[str, ...]]
    rules: dict[str, Rule]
    criteria: tuple[Criterion, ...]
    sheets_required: int
    reserve_size: int
    replacement_until_days: int
    correction_days: int
    sessions: dict[str, SessionPlan] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    import_allowed_for: frozenset[Role] = IMPORTERS
    import_arrives_submitted: bool = False
    quota_nodes: tuple[QuotaNode, ...] = ()
    unit_categories: frozenset[str] = frozenset()
    position_classes: frozenset[str] = frozenset()
    competences: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()
    attestation_keep_days: int = 60
    panel: PanelRules = field(default_factory=PanelRules)
    appeals: AppealTerms = field(default_factory=AppealTerms)
    composition: Composition | None = None
    balancing: BalancingRules = field(default_factory=BalancingRules)

    def plan_of(self, session: str) -> SessionPlan:
        """What the policy proposes for a session: its own row, and for what that leaves out the batch's (P-08)."""
        plan = self.sessions.get(session) or SessionPlan(session)
        return replace(
            plan,
            quota_nodes=self.quota_nodes if plan.quota_nodes is None else plan.quota_nodes,
            direction=plan.direction or self.direction,
            term=plan.term or self.term,
        )

    def traits(self, application: Application) -> dict[str, str]:
        """Dimension → value of a candidate, for the quotas."""
        return self.balancing.traits(application, self.specialties[application.form.specialty].shortage)

    def profile_rules(self, profile: str) -> tuple[Rule, ...]:
        """The rules of one profile, in the order of the policy."""
        return tuple(self.rules[code] for code in self.profiles[profile])
