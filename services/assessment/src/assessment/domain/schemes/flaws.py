"""What makes a scheme unusable: every contradiction at once, with pointers into the policy document."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from assessment.domain.schemes.scheme import Scheme, Stage
from shared.kernel.actor import Role
from shared.kernel.refusals import Finding


def flaws(scheme: Scheme) -> list[Finding]:
    """Every flaw; empty for a sound scheme."""
    return [*_bodies(scheme), *_sums(scheme), *_components(scheme), *_resit(scheme), *_later(scheme)]


def _bodies(scheme: Scheme) -> Iterator[Finding]:
    if scheme.certifies is None:
        if scheme.waiver is not None:
            yield Finding("waiver-without-certificate", "A waiver comes with a certificate.", "/waiver", "C-03")
        return
    if not scheme.issuer:
        yield Finding("no-issuer", "A programme that certifies names the issuer.", "/issuer", "C-02")
    if scheme.authority == scheme.issuer:
        yield Finding("issuer-is-assessor", "Issuer and assessor must be two bodies.", "/issuer", "C-02")


def _sums(scheme: Scheme) -> Iterator[Finding]:
    if sum(component.weight for component in scheme.components) != 100:
        yield Finding("weights-not-100", "The weights of the components must sum to 100.", "/components")
    if not scheme.at(Stage.CONDUCT):
        yield Finding("nothing-conducted", "At least one component must be conducted.", "/components", "C-01")
    if min((grade.lowest for grade in scheme.grades), default=Decimal(-1)) != scheme.pass_mark:
        yield Finding("grades-miss-pass-mark", "The lowest grade must begin at the pass mark.", "/grades")
    if len({component.code for component in scheme.components}) < len(scheme.components):
        yield Finding("component-twice", "Two components have the same code.", "/components")


def _components(scheme: Scheme) -> Iterator[Finding]:
    for position, component in enumerate(scheme.components):
        at = f"/components/{position}"
        if component.ways != 1:
            yield Finding("scored-by-whom", "Give scored_by or one way of computing it.", at)
        if component.minimum is not None and not scheme.scale.holds(component.minimum):
            yield Finding("off-scale", "The minimum is not on the scale.", f"{at}/minimum")
        if component.stage is Stage.CONDUCT and component.scored_by != {Role.ASSESSOR}:
            yield Finding("not-by-assessor", "Only the assessor conducts.", f"{at}/scored_by", "C-01")
        if component.stage is Stage.EVIDENCE and Role.ASSESSOR in component.scored_by:
            yield Finding("assessor-gives-evidence", "The assessor judges, not attests.", f"{at}/scored_by")


def _resit(scheme: Scheme) -> Iterator[Finding]:
    rule = scheme.resit
    if rule is None:
        return
    for position, code in enumerate(rule.components):
        if scheme.component(code) is None:
            yield Finding("unknown-component", "The scheme has no such component.", f"/resit/components/{position}")
    if not {component.code for component in scheme.at(Stage.CONDUCT)}.intersection(rule.components):
        yield Finding(
            "resit-conducts-nothing", "A re-sit takes something conducted again.", "/resit/components", "C-01"
        )


def _later(scheme: Scheme) -> Iterator[Finding]:
    months = [round.months for round in scheme.follow_up.rounds]
    if months != sorted(set(months)):
        yield Finding("rounds-not-in-order", "Follow-ups come one after the other.", "/follow_up/rounds", "C-04")
