"""Keeping webhooks: subscribe, change, pause, resume, rotate the secret, test, replay, skip, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gateway.domain.webhooks.destination import DestinationRules
from gateway.domain.webhooks.webhook import Webhook
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict, Finding, NotFound, RuleViolated
from shared.kernel.work import Store, Work


class DeliveryLog(Protocol):
    """How far subscriptions have come, and what is asked of them besides the events."""

    async def begin(self, webhook: UUID, *, at_the_end: bool) -> None:
        """A new subscription stands at the beginning of the feed or at its end."""
        ...

    async def fence(self, webhook: UUID) -> None:
        """Take the subscription from a courier that is at it, forget its failures, and make it due now."""
        ...

    async def test(self, webhook: UUID, delivery: UUID, event: UUID) -> None:
        """Ask for a test message."""
        ...

    async def again(self, webhook: UUID, delivery: UUID, event: UUID) -> bool:
        """Ask for one delivered or skipped event again; False when the log does not know it."""
        ...

    async def again_skipped(self, webhook: UUID, new_id: Callable[[], UUID]) -> int:
        """Ask for everything again that was skipped; gives how many."""
        ...

    async def rewind(self, webhook: UUID, event: UUID) -> bool:
        """Stand before an event that the log knows, so that it and all later ones come again; False when unknown."""
        ...

    async def skip(self, webhook: UUID) -> bool:
        """Go past the event that fails; False when none does."""
        ...


class WebhookWork(Work, Protocol):
    """A transaction over webhooks."""

    webhooks: Store[Webhook]
    log: DeliveryLog

    async def flush(self) -> None:
        """Write what has changed so far inside the open transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner may choose."""

    url: str
    types: list[str]
    programme: str | None
    session: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a wish is judged by.

    Attributes:
        destination: where a webhook may lead.
        types: every published type.
        most: subscriptions that one organisation may keep.
    """

    destination: DestinationRules
    types: frozenset[str]
    most: int

    def judge(self, wish: Wish) -> None:
        """Raises ``RuleViolated``: ``webhook-refused`` with everything that is wrong."""
        found = self.destination.judge(wish.url)
        found += [
            Finding("unknown-type", f"No such type of event: {name}", f"/types/{place}", values={"type": name})
            for place, name in enumerate(wish.types)
            if name not in self.types
        ]
        if found:
            raise RuleViolated("webhook-refused", "The webhook cannot be kept like this; see errors.", findings=found)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose subscription it will be, and what of the feed its owner sees."""

    organisation: str
    everything: bool
    money: bool


@dataclass(frozen=True, slots=True)
class Sealing:
    """The sealed secret of a new subscription."""

    id: UUID
    wrapped_key: bytes
    secret: bytes


async def subscribe(
    work: WebhookWork, wish: Wish, owner: Owner, sealing: Sealing, rules: Rules, *, at_the_end: bool
) -> Webhook:
    """A new subscription, active at once.

    Raises:
        RuleViolated: ``webhook-refused``.
        Conflict: ``too-many-webhooks``.
    """
    work.authorise(Facets(unit=owner.organisation))
    rules.judge(wish)
    kept = await work.webhooks.count(organisation=owner.organisation, state=["active", "paused", "disabled"])
    if kept >= rules.most:
        raise Conflict("too-many-webhooks", f"An organisation keeps at most {rules.most} webhooks.", limit=rules.most)
    webhook = Webhook(
        id=sealing.id, organisation=owner.organisation, account=work.actor.subject, everything=owner.everything,
        money=owner.money, url=wish.url, types=sorted(set(wish.types)), programme=wish.programme, session=wish.session,
        description=wish.description, wrapped_key=sealing.wrapped_key, secret=sealing.secret,
    )  # fmt: skip
    work.webhooks.add(webhook)
    await work.flush()
    await work.log.begin(webhook.id, at_the_end=at_the_end)
    return webhook


async def _mine(work: WebhookWork, id: UUID) -> Webhook:
    webhook = await work.webhooks.get(id, target=True)
    work.authorise(webhook.facets)
    if webhook.state == "deleted":
        raise NotFound("not-found", "There is no such webhook.")
    return webhook


async def change_webhook(work: WebhookWork, id: UUID, wish: Wish, rules: Rules) -> Webhook:
    """Replace address and filters; a former failure is forgotten. Raises ``RuleViolated``."""
    webhook = await _mine(work, id)
    rules.judge(wish)
    webhook.change(
        url=wish.url, types=sorted(set(wish.types)), programme=wish.programme, session=wish.session,
        description=wish.description, by=work.actor,
    )  # fmt: skip
    await work.log.fence(id)
    return webhook


async def pause_webhook(work: WebhookWork, id: UUID) -> Webhook:
    """Deliver nothing until it is resumed."""
    webhook = await _mine(work, id)
    webhook.pause(by=work.actor)
    await work.log.fence(id)
    return webhook


async def resume_webhook(work: WebhookWork, id: UUID) -> Webhook:
    """Go on where it stopped, at once."""
    webhook = await _mine(work, id)
    webhook.resume(by=work.actor)
    await work.log.fence(id)
    return webhook


async def rotate_secret(work: WebhookWork, id: UUID, seal: Callable[[Webhook], bytes], at: datetime) -> Webhook:
    """A new secret; the former one signs too for a day. ``at`` is real time."""
    webhook = await _mine(work, id)
    webhook.rotate(seal(webhook), by=work.actor, at=at)
    return webhook


async def delete_webhook(work: WebhookWork, id: UUID) -> Webhook:
    """End a subscription."""
    webhook = await _mine(work, id)
    webhook.delete(by=work.actor)
    await work.log.fence(id)
    return webhook


async def ping_webhook(work: WebhookWork, id: UUID) -> UUID:
    """Ask for a test message; gives the delivery."""
    webhook = await _mine(work, id)
    webhook.operate("ping", by=work.actor)
    delivery = work.new_id()
    await work.log.test(id, delivery, work.new_id())
    return delivery


async def replay(work: WebhookWork, id: UUID, event: UUID, *, onwards: bool) -> int:
    """Deliver an event again, ``onwards`` with everything after it. Raises ``NotFound``: ``not-delivered``."""
    webhook = await _mine(work, id)
    webhook.operate("replay", by=work.actor)
    known = await (work.log.rewind(id, event) if onwards else work.log.again(id, work.new_id(), event))
    if not known:
        raise NotFound("not-delivered", "The log of this webhook knows no such event.")
    return 1


async def replay_skipped(work: WebhookWork, id: UUID) -> int:
    """Deliver everything again that was skipped; gives how many that are."""
    webhook = await _mine(work, id)
    webhook.operate("replay", by=work.actor)
    return await work.log.again_skipped(id, work.new_id)


async def skip_failing(work: WebhookWork, id: UUID) -> Webhook:
    """Go past the event that fails; it can be replayed later. Raises ``Conflict``: ``nothing-fails``."""
    webhook = await _mine(work, id)
    webhook.operate("skip", by=work.actor)
    if not await work.log.skip(id):
        raise Conflict("nothing-fails", "No event fails at this webhook now.")
    return webhook


async def disable_webhook(work: WebhookWork, id: UUID, reason: str, at: datetime) -> None:
    """What the courier does when the receiver said 410 or failed for days; nothing when it is no longer active."""
    webhook = await work.webhooks.get(id)
    if webhook.state == "active":
        webhook.disable(reason, by=work.actor, at=at)
        work.note("webhook.disable", "webhook", str(id), reason=reason)
