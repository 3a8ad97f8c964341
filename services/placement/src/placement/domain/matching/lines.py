"""The lines of a proposal in columns: a line is made when somebody reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload
from uuid import UUID

from placement.domain.matching.layout import GROUP, Layout
from placement.domain.runs import ProposedMatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


class Lines(Sequence[ProposedMatch]):
    """Who is proposed to which offer, in the order of the instance.

    Attributes:
        seeker, place: rows of the instance.
        choice: which wish the place is, 0 for none.
        related: whether the place fits the group only.
    """

    def __init__(self, layout: Layout, own: Ints) -> None:
        import numpy as np

        instance = layout.instance
        self._ids, self._offers = instance.ids, instance.places
        self.seeker = np.flatnonzero(own >= 0)
        self.place = own[self.seeker]
        host = np.full(len(own), -1, np.int64)
        host[self.seeker] = layout.host_of[self.place]
        choice = np.zeros(len(own), np.int64)
        mine = np.flatnonzero(np.repeat(host, np.diff(instance.wish_start)) == instance.wish_host)
        choice[np.searchsorted(instance.wish_start, mine, side="right") - 1] = layout.wish_number[mine] + 1
        self.choice = choice[self.seeker]
        self.related = layout.level[instance.cell[self.seeker], self.place] >= GROUP

    def __len__(self) -> int:
        """How many are proposed."""
        return len(self.seeker)

    @overload
    def __getitem__(self, at: int) -> ProposedMatch: ...

    @overload
    def __getitem__(self, at: slice) -> list[ProposedMatch]: ...

    def __getitem__(self, at: int | slice) -> ProposedMatch | list[ProposedMatch]:
        """One line, or several."""
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        high, low = self._ids[self.seeker[at]].tolist()
        offer = self._offers[int(self.place[at])]
        return ProposedMatch(
            participation=UUID(int=high << 64 | low),
            host=offer.host,
            offer=offer.offer,
            fit="group" if self.related[at] else "specialty",
            choice=int(self.choice[at]) or None,
        )

    def __iter__(self) -> Iterator[ProposedMatch]:
        """Every line."""
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Whether two proposals say the same of the same people."""
        return isinstance(other, Lines) and len(self) == len(other) and all(map(ProposedMatch.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def sha256(self) -> str:
        """Hash of participation, offer and first letter of the fit of every line, in order of participations."""
        import numpy as np

        ids = self._ids[self.seeker]
        order = np.lexsort((ids[:, 1], ids[:, 0]))
        offers = np.frombuffer(b"".join(each.offer.bytes for each in self._offers), np.uint8).reshape(-1, 16)
        row = np.empty((len(self), 33), np.uint8)
        row[:, :16] = ids[order].astype(">u8").view(np.uint8).reshape(-1, 16)
        row[:, 16:32] = offers[self.place[order]]
        row[:, 32] = np.where(self.related[order], ord("g"), ord("s"))
        return hashlib.sha256(row.data).hexdigest()
