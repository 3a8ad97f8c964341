"""From what a draft names to the parties of an agreement; originals and amendments pass the same checks (M-04, M-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from placement.domain.agreements.parties import ACCOUNT, BUILT_IN, Named, Party, PartyRole, problems_of
from placement.domain.agreements.responsibilities import Terms, duty_problems, matrix_problems
from placement.domain.placements.placement import Placement
from placement.domain.preparing import AgreementRules
from shared.kernel.refusals import Finding, Malformed, RuleViolated


def compose(named: Sequence[Named], placement: Placement, rules: AgreementRules) -> list[Party]:
    """The parties that a draft names, each with its identity and its place in the order of signing.

    Raises:
        Malformed: ``unknown-party`` for a role that neither the policy nor every programme has;
            ``organisation-missing`` for a role whose organisation only the draft can name.
        RuleViolated: ``leading-host-missing`` when hosts are named and the placement's own is not among them.
    """
    roles = roles_of(rules)
    unknown = sorted({each.role for each in named} - set(roles))
    if unknown:
        raise Malformed("unknown-party", f"Use only: {', '.join(roles)}.", parties=unknown)
    made = []
    for number, each in enumerate(named):
        role, known = roles[each.role], identity_of(each.role, placement)
        fixed = role.signs == ACCOUNT or each.role == "sending_unit"
        identity = known if fixed else each.identity or known
        if not identity:
            raise Malformed(
                "organisation-missing", f"Name the organisation that is {each.role}.",
                findings=[Finding("organisation-missing", "Name the organisation.", f"/parties/{number}", "M-04")],
            )  # fmt: skip
        made.append(
            Party(
                role=each.role, identity=identity, signs=role.signs, order=role.order, share=each.share,
                leading=each.role == "host" and identity == placement.host,
            )
        )  # fmt: skip
    hosts = [party for party in made if party.role == "host"]
    if hosts and not any(party.leading for party in hosts):
        raise RuleViolated(
            "leading-host-missing", "One of the hosts is that of the placement.", rule="M-04",
            findings=[Finding("leading-host-missing", "Name the host of the placement.", "/parties", "M-04")],
        )  # fmt: skip
    return made


def must_be_sound(parties: Sequence[Party], terms: Terms, rules: AgreementRules) -> None:
    """Check parties, shares, duties and responsibilities together.

    Raises:
        RuleViolated: the code of the first problem; every problem is a finding.
    """
    findings = [
        *problems_of(parties, roles_of(rules)),
        *duty_problems(terms.duties, [party.role for party in parties]),
        *matrix_problems(terms.responsibilities, required=rules.matrix_required),
    ]
    if not findings:
        return
    first = findings[0]
    raise RuleViolated(first.code, first.detail, rule=first.rule, findings=findings, **first.values)


def roles_of(rules: AgreementRules) -> Mapping[str, PartyRole]:
    """The policy's roles, and those that every programme has as optional ones."""
    optional = {
        name: PartyRole(role=name, signs=role.signs, required=False, most=role.most) for name, role in BUILT_IN.items()
    }
    return optional | {role.role: role for role in rules.roles}


def named_by_default(rules: AgreementRules) -> list[Named]:
    """One party for every role that the policy demands."""
    return [Named(role=role.role) for role in rules.roles if role.required]


def identity_of(role: str, placement: Placement) -> str:
    """Who the placement knows in a role: the trainee's account, the path of unit or leading host; empty for others."""
    return {
        "trainee": placement.account, "sending_unit": placement.sending_unit, "host": placement.host or "",
    }.get(role, "")  # fmt: skip


def hosts_beside(parties: Iterable[Party], placement: Placement) -> list[str]:
    """Hosts of the agreement that are not the placement's own."""
    return [party.identity for party in parties if party.role == "host" and party.identity != placement.host]
