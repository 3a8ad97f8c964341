"""Materials and who was given them (K-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.classes.materials import ClassCopy, ClassMaterial
from placement.domain.classes.short_class import OPEN
from placement.usecases.batches import Batch
from placement.usecases.classes.announce_class import the_class
from placement.usecases.classes.delegates import delegate_of, delegates_of
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict, NotFound, RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialText:
    """A material as it is handed in."""

    code: str
    title_zh: str
    title_en: str
    reference: str


async def add_material(work: PlacementWork, id: UUID, text: MaterialText) -> ClassMaterial:
    """Add a compilation or hand-out (K-05). Raises ``Conflict`` ``material-exists``."""
    course = await the_class(work, id)
    course.must_be(*OPEN)
    material = ClassMaterial(
        id=work.new_id(), class_id=id, code=text.code, title_zh=text.title_zh, title_en=text.title_en,
        reference=text.reference,
    )  # fmt: skip
    work.class_materials.add(material)
    return material


async def distribute(
    work: PlacementWork, id: UUID, code: str, numbers: Sequence[int] | None, handed_on: date
) -> list[ClassCopy]:
    """Record that delegates were given a material; None means everyone who has not been given it (K-05).

    Raises:
        NotFound: ``unknown-material``, ``unknown-delegate``.
        Conflict: ``handed-already``, ``class-not-open``.
        RuleViolated: ``date-in-future``.
    """
    course = await the_class(work, id)
    course.must_be(*OPEN)
    material = await work.class_materials.find(class_id=id, code=code)
    if material is None:
        raise NotFound("unknown-material", "The class has no material of this code.", material=code)
    if handed_on > work.today:
        raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="K-05")
    seats = await delegates_of(work, course)
    given = {copy.seat_id for copy in await work.class_copies.list(material_id=material.id)}
    chosen = [each for each in sorted(seats) if seats[each].id not in given] if numbers is None else list(numbers)
    counted, batch, copies = Counter(chosen), Batch(), list[ClassCopy]()
    for place, number in enumerate(chosen):
        with batch.at(place, "number"):
            seat = delegate_of(seats, number)
            if seat.id in given or counted[number] > 1:
                raise Conflict("handed-already", "This delegate was given it already.", rule="K-05")
            copies.append(
                ClassCopy(
                    id=work.new_id(), class_id=id, material_id=material.id, seat_id=seat.id, handed_on=handed_on
                )
            )  # fmt: skip
    batch.settle()
    for copy in copies:
        work.class_copies.add(copy)
    return copies
