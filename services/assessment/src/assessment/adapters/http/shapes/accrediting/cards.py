"""Bodies and representations of talent cards, their use and their catalogue (T-03)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from assessment.adapters.http.shapes.assessments import TitleOut
from assessment.domain.accrediting.card import TalentCard
from assessment.domain.accrediting.rule import AccreditationRule
from assessment.domain.accrediting.usage import CardUse
from assessment.usecases.accrediting.use_service import Offered
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor

CardNumber = Annotated[str, StringConstraints(min_length=1, max_length=100)]
CardReceipt = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]


class CardReasonBody(Body):
    """A coded reason of the policy."""

    reason: CodeText


class CardCheckBody(Body):
    """The number on the card."""

    number: CardNumber


class CardUseBody(Body):
    """One use: the card's number, the service, the provider's own receipt number, the day."""

    number: CardNumber
    service: CodeText
    receipt: CardReceipt
    used_on: date


class CardOut(Resource):
    """A talent card."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    updated_at: datetime | None = None
    participation: UUID
    accreditation: UUID
    programme: str
    policy_version: str
    unit: str
    tier: str
    number: str
    valid_from: date
    valid_until: date
    renewals: int
    renewed_on: date | None
    reason: str | None

    @classmethod
    def of(cls, thing: TalentCard, actor: Actor, updated_at: datetime | None = None) -> CardOut:
        """Present a card."""
        same = {name: getattr(thing, name) for name in cls.model_fields if hasattr(thing, name)}
        same |= {"state": str(thing.state), "allowed_actions": thing.allowed_actions(actor), "updated_at": updated_at}
        return cls(**same)


class CardUseOut(Resource):
    """A recorded use."""

    id: UUID
    card: UUID
    service: str
    area: str
    provider: str
    receipt: str
    used_on: date
    recorded_at: datetime

    @classmethod
    def of(cls, thing: CardUse, _: Actor) -> CardUseOut:
        """Present a use."""
        return cls(**{name: getattr(thing, name) for name in cls.model_fields})


class CardServiceOut(Resource):
    """A service that a card includes: ``yearly`` uses, null without limit, and how many were used this year."""

    service: str
    area: str
    title: TitleOut
    yearly: int | None
    used: int


class CardCheckOut(Resource):
    """What a provider learns of a card: whether it counts today, its tier and what it includes; no name."""

    status: str
    tier: str
    tier_title: TitleOut
    valid_until: date
    services: list[CardServiceOut]

    @classmethod
    def of(cls, found: tuple[TalentCard, AccreditationRule, Sequence[Offered]], _: Actor) -> CardCheckOut:
        """Present a card to a provider."""
        card, rule, offered = found
        tier = rule.tier(card.tier)
        assert tier is not None
        services = [
            CardServiceOut(
                service=one.service.code, area=one.service.area, title=TitleOut.of(one.service.title),
                yearly=one.yearly, used=one.used,
            )
            for one in offered
        ]  # fmt: skip
        return cls(
            status=card.state, tier=card.tier, tier_title=TitleOut.of(tier.title), valid_until=card.valid_until,
            services=services,
        )  # fmt: skip


class CatalogueTierOut(Resource):
    """A tier, highest first."""

    code: str
    title: TitleOut
    valid_years: int


class CatalogueEntitlementOut(Resource):
    """What a tier may use of a service a year; null without limit."""

    tier: str
    yearly: int | None


class CatalogueServiceOut(Resource):
    """A service and whom it serves."""

    code: str
    title: TitleOut
    provider: str | None
    entitlements: list[CatalogueEntitlementOut]


class CatalogueAreaOut(Resource):
    """An area and its services."""

    code: str
    title: TitleOut
    services: list[CatalogueServiceOut]


class CatalogueOut(Resource):
    """The catalogue of one policy version: tiers, areas, services."""

    programme: str
    policy_version: str
    title: TitleOut
    tiers: list[CatalogueTierOut]
    area_count: int
    service_count: int
    areas: list[CatalogueAreaOut]

    @classmethod
    def of(cls, rule: AccreditationRule) -> CatalogueOut:
        """Present the catalogue."""
        tiers = [
            CatalogueTierOut(code=one.code, title=TitleOut.of(one.title), valid_years=one.valid_years)
            for one in sorted(rule.tiers, key=lambda tier: tier.order)
        ]
        areas = [
            CatalogueAreaOut(
                code=code,
                title=TitleOut.of(title),
                services=[
                    CatalogueServiceOut(
                        code=one.code,
                        title=TitleOut.of(one.title),
                        provider=one.provider,
                        entitlements=[
                            CatalogueEntitlementOut(tier=each.tier, yearly=each.yearly) for each in one.entitlements
                        ],
                    )
                    for one in rule.services
                    if one.area == code
                ],
            )
            for code, title in rule.areas.items()
        ]
        return cls(
            programme=rule.programme, policy_version=rule.version, title=TitleOut.of(rule.title), tiers=tiers,
            area_count=len(rule.areas), service_count=len(rule.services), areas=areas,
        )  # fmt: skip


class CardServiceCount(Resource):
    """Uses of a service in a year, and by how many cards; null where fewer than ten cards would show."""

    area: str
    service: str
    uses: int | None
    cards: int | None


class CardStatisticOut(Resource):
    """Cards by tier and uses by service; cells of fewer than ten cards are withheld."""

    programme: str
    year: int
    as_of: datetime
    withheld_below: int
    cards: dict[str, int | None]
    services: list[CardServiceCount]
