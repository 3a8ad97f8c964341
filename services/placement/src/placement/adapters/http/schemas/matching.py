"""Inputs of runs and their repetition on the wire."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from placement.domain.matching.instance import Instance
from shared.http.resources import Resource


class MatchingWeights(Resource):
    """Points of fit that *welfare* adds up."""

    specialty: int
    group: int
    wishes: list[int]
    priorities: list[int]


class MatchingPlace(Resource):
    """Free places of an offer as the run saw them; ``lane`` is the host's area and unit class where places are paired."""

    offer: UUID
    host: str
    specialty_group: str
    specialties: list[str]
    free: int
    lane: str
    priorities: list[tuple[str, list[str]]]


class MatchingPerson(Resource):
    """A person as the run saw them: codes and a rank."""

    participation: UUID
    rank: int
    specialty: str
    specialty_group: str
    accept_group: bool
    lane: str
    facts: dict[str, str]
    wishes: list[str]
    declined_by: list[str]


class MatchingInputOut(Resource):
    """What a run was made from, in the order that breaks every tie; send ``next_after`` as ``after`` to go on."""

    run: UUID
    sha256: str = Field(description="of the stored bytes; the run names its input by it")
    method: str
    beyond_wishes: bool
    weights: MatchingWeights
    places: list[MatchingPlace]
    barred: list[tuple[str, str]] = Field(description="lanes (person's, place's) that the pairing rules refuse")
    people: int
    items: list[MatchingPerson]
    next_after: int | None

    @classmethod
    def of(cls, run: UUID, sha256: str, instance: Instance, after: int, limit: int) -> MatchingInputOut:
        """One page of people, with all places."""
        method, size = instance.method, len(instance)
        declined: dict[int, list[str]] = {}
        for seeker, host in instance.declined.tolist():
            declined.setdefault(seeker, []).append(instance.hosts[host])
        last = min(after + limit, size)
        return cls(
            run=run, sha256=sha256, method=method.name, beyond_wishes=method.beyond_wishes,
            weights=MatchingWeights.model_validate(method.weights, from_attributes=True),
            places=[MatchingPlace(**place._asdict()) for place in instance.places],
            barred=sorted(instance.barred), people=size,
            items=[
                MatchingPerson(
                    participation=instance.participation(index), rank=int(instance.rank[index]), specialty=cell.specialty,
                    specialty_group=cell.specialty_group, accept_group=cell.accept_group, lane=cell.lane,
                    facts=dict(cell.facts), wishes=[instance.hosts[host] for host in instance.wishes(index)],
                    declined_by=declined.get(index, []),
                )
                for index in range(min(after, size), last)
                for cell in [instance.cells[int(instance.cell[index])]]
            ],
            next_after=last if last < size else None,
        )  # fmt: skip


class MatchingReproduction(Resource):
    """What came out when the stored input was matched again: ``reproduced`` when both hashes are those of the run."""

    run: UUID
    input_sha256: str
    proposal_sha256: str
    reproduced: bool
