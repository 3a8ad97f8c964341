"""What a host has done, session by session (D-08)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, distinct, func, select, union

from placement.adapters.db.tables import inspection, mentorship, offer, placement, segment

_STARTED = ("active", "closed")


def sessions_of(host: str, *, after: str | None, limit: int) -> Select[Any]:
    """The sessions in which a host offered or took anybody, the latest first."""
    every = union(
        select(offer.c.session).where(offer.c.host == host),
        select(placement.c.session).join(segment, segment.c.placement == placement.c.id).where(segment.c.host == host),
    ).subquery()
    statement = select(every.c.session)
    if after is not None:
        statement = statement.where(every.c.session < after)
    return statement.order_by(every.c.session.desc()).limit(limit)


def offered(host: str, sessions: list[str]) -> Select[Any]:
    """(session, offers, places, accepted)."""
    return (
        select(
            offer.c.session,
            func.count().label("offers"),
            func.sum(offer.c.capacity).label("places"),
            func.sum(offer.c.accepted).label("accepted"),
        )
        .where(offer.c.host == host, offer.c.session.in_(sessions))
        .group_by(offer.c.session)
    )


def taken(host: str, sessions: list[str]) -> Select[Any]:
    """Per session the people who were placed there, once each, and how it went; a transferred one counts at both hosts."""
    here = (
        select(segment.c.placement, func.bool_or(segment.c.state.in_(_STARTED)).label("was_there"))
        .where(segment.c.host == host)
        .group_by(segment.c.placement)
        .subquery("here")
    )

    def number(name: str, *conditions: Any) -> Any:
        return func.count().filter(*conditions).label(name)

    return (
        select(
            placement.c.session,
            func.count().label("placements"),
            number("arrived_on_time", here.c.was_there, placement.c.punctuality == "on_time"),
            number("arrived_late", here.c.was_there, placement.c.punctuality == "late"),
            number("no_shows", placement.c.end_kind == "no_show"),
            number("ended_normally", here.c.was_there, placement.c.end_kind == "normal"),
            number("ended_early", here.c.was_there, placement.c.end_kind == "early"),
            number("running", here.c.was_there, placement.c.ended_on.is_(None)),
        )
        .join(here, here.c.placement == placement.c.id)
        .where(placement.c.session.in_(sessions))
        .group_by(placement.c.session)
    )


def mentored(host: str, sessions: list[str]) -> Select[Any]:
    """(session, mentors): how many mentors of the host had trainees."""
    return (
        select(placement.c.session, func.count(distinct(mentorship.c.mentor)).label("mentors"))
        .join(mentorship, mentorship.c.participation == placement.c.id)
        .where(mentorship.c.host == host, placement.c.session.in_(sessions))
        .group_by(placement.c.session)
    )


def inspected(host: str, sessions: list[str]) -> Select[Any]:
    """(session, inspections, findings): those that were conducted; a hidden one is not counted."""
    return (
        select(
            inspection.c.session,
            func.count().label("inspections"),
            func.coalesce(func.sum(func.jsonb_array_length(inspection.c.findings)), 0).label("findings"),
        )
        .where(inspection.c.host == host, inspection.c.session.in_(sessions), inspection.c.conducted_on.is_not(None))
        .group_by(inspection.c.session)
    )
