"""Inside facts to published contracts: the one place that decides what the world hears of selection."""

from __future__ import annotations

from dataclasses import asdict

from selection.domain import facts
from shared.contracts import selection as contracts
from shared.contracts.event import Event

_PUBLISHED: dict[type, type[Event]] = {
    facts.ApplicationSubmitted: contracts.ApplicationSubmitted,
    facts.ApplicationWithdrawn: contracts.ApplicationWithdrawn,
    facts.CandidateSelected: contracts.Selected,
    facts.CandidateDeselected: contracts.Deselected,
    facts.RosterFixed: contracts.RosterFixed,
    facts.RosterFiled: contracts.RosterFiled,
    facts.RosterAcknowledged: contracts.RosterAcknowledged,
    facts.ReservePromoted: contracts.ReservePromoted,
    facts.ReserveOffered: contracts.ReserveOffered,
    facts.ReserveAnswered: contracts.ReserveAnswered,
    facts.SlotVacant: contracts.SlotVacant,
    facts.StoryClosed: contracts.StoryClosed,
    facts.AppealFiled: contracts.AppealFiled,
    facts.AppealDecided: contracts.AppealDecided,
    facts.PersonErased: contracts.PersonErased,
}


def publish(fact: object) -> Event | None:
    """The contract of a fact, or None for what stays inside.

    Raises:
        pydantic.ValidationError: when a fact does not fit its contract; the command fails, nothing is written.
    """
    contract = _PUBLISHED.get(type(fact))
    return None if contract is None else contract(**asdict(fact))  # type: ignore[call-overload]
