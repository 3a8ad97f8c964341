"""How a programme accredits, as data of one policy version: tiers, cards, the catalogue of services (T-02, T-03)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment.domain.schemes.scheme import Title
from shared.kernel.refusals import Finding


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier; ``order`` 1 is the highest; a card of it is valid for ``valid_years``."""

    code: str
    title: Title
    order: int
    valid_years: int


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the cards of a tier may use of a service; ``yearly`` uses in a calendar year, None without limit."""

    tier: str
    yearly: int | None


@dataclass(frozen=True, slots=True)
class CardService:
    """One service of the catalogue.

    Attributes:
        area: code of its area.
        provider: organisation path of those who may record a use, None for every card service provider.
        entitlements: by tier; a tier that is not named has none.
    """

    code: str
    area: str
    title: Title
    provider: str | None
    entitlements: tuple[Entitlement, ...]

    def of(self, tier: str) -> Entitlement | None:
        """What a tier may use."""
        return next((one for one in self.entitlements if one.tier == tier), None)


@dataclass(frozen=True, slots=True)
class AccreditationRule:
    """One version of how a programme accredits.

    Attributes:
        body: organisation path of the accreditation body; it assigns tiers and keeps the cards.
        evidence: kinds of evidence that an application may carry.
        refusal_reasons, revocation_reasons: codes.
        number: pattern of card numbers with ``{tier}`` and ``{year}``; serial and check character are appended.
        renew_from_days: days before the end from which a card may be renewed.
        grace_days: days after the end in which it still may.
        areas: code → title.
    """

    programme: str
    version: str
    title: Title
    body: str
    tiers: tuple[Tier, ...]
    evidence: frozenset[str]
    refusal_reasons: frozenset[str]
    revocation_reasons: frozenset[str]
    number: str
    serial_digits: int
    renew_from_days: int
    grace_days: int
    areas: Mapping[str, Title]
    services: tuple[CardService, ...]

    def tier(self, code: str) -> Tier | None:
        """The tier called ``code``, or None."""
        return next((tier for tier in self.tiers if tier.code == code), None)

    def service(self, code: str) -> CardService | None:
        """The service called ``code``, or None."""
        return next((service for service in self.services if service.code == code), None)

    def flaws(self) -> list[Finding]:
        """What contradicts itself, with pointers into the policy document."""
        at = "/accreditation"
        found = [
            *_twice([tier.code for tier in self.tiers], f"{at}/tiers", "tier-twice", "Two tiers share a code."),
            *_twice([tier.order for tier in self.tiers], f"{at}/tiers", "order-twice", "Two tiers share a place."),
            *_twice(
                [one.code for one in self.services], f"{at}/services", "service-twice", "Two services share a code."
            ),
        ]
        for n, service in enumerate(self.services):
            if service.area not in self.areas:
                found.append(Finding("unknown-area", "The service names an area that is not listed.",
                                     f"{at}/services/{n}/area", "T-03"))  # fmt: skip
            if self.tier_unknown(service):
                found.append(Finding("unknown-tier", "The service entitles a tier that is not listed.",
                                     f"{at}/services/{n}/tiers", "T-03"))  # fmt: skip
        empty = sorted(set(self.areas) - {service.area for service in self.services})
        if empty:
            found.append(
                Finding("empty-area", "An area has no service.", f"{at}/areas", "T-03", values={"areas": empty})
            )
        return found

    def tier_unknown(self, service: CardService) -> bool:
        """True when a service entitles a tier that the rule does not have."""
        return any(self.tier(one.tier) is None for one in service.entitlements)


def read_accreditation(content: Mapping[str, Any]) -> AccreditationRule:
    """The rule of a complete policy content that its JSON Schema has accepted."""
    rule = content["accreditation"]
    return AccreditationRule(
        programme=content["programme"],
        version=content["version"],
        title=_title(content["title"]),
        body=rule["body"],
        tiers=tuple(Tier(row["code"], _title(row["title"]), row["order"], row["valid_years"]) for row in rule["tiers"]),
        evidence=frozenset(rule["evidence"]),
        refusal_reasons=frozenset(rule["refusal_reasons"]),
        revocation_reasons=frozenset(rule["revocation_reasons"]),
        number=rule["number"],
        serial_digits=rule["serial_digits"],
        renew_from_days=rule["renewal"]["from_days"],
        grace_days=rule["renewal"]["grace_days"],
        areas={row["code"]: _title(row["title"]) for row in rule["areas"]},
        services=tuple(
            CardService(
                row["code"], row["area"], _title(row["title"]), row.get("provider"),
                tuple(Entitlement(one["tier"], one.get("yearly")) for one in row["tiers"]),
            )
            for row in rule["services"]
        ),
    )  # fmt: skip


def _title(row: Mapping[str, Any]) -> Title:
    return Title(row["zh"], row["en"])


def _twice(values: list[Any], pointer: str, code: str, detail: str) -> list[Finding]:
    return [Finding(code, detail, pointer, "T-02")] if any(n > 1 for n in Counter(values).values()) else []
