"""Parties of an agreement: the roles that a policy defines, who stands in them, with which share (M-04)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.kernel.actor import Actor, Role
from shared.kernel.refusals import Finding

WHOLE = 100
"""Shares are whole percents."""
ACCOUNT = "account"
SIGNERS = {
    ACCOUNT: Role.APPLICANT,
    "unit_officer": Role.UNIT_OFFICER,
    "host_officer": Role.HOST_OFFICER,
    "regional_officer": Role.REGIONAL_OFFICER,
    "ministry_officer": Role.MINISTRY_OFFICER,
}
"""Who signs for a role: the trainee's own account, or an officer of the organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRole:
    """A role of a policy. ``order``: those of a lower number sign first; ``most``: parties in this role at once."""

    role: str
    signs: str
    required: bool = True
    order: int | None = None
    most: int = 1
    shares: bool = False

    @classmethod
    def of(cls, content: str | Mapping[str, Any]) -> PartyRole:
        """Read an entry of the policy; a plain code is one of the three roles that every programme has."""
        if isinstance(content, str):
            return BUILT_IN[content]
        known = BUILT_IN.get(content["role"])
        return cls(
            role=content["role"],
            signs=content.get("signs") or (known.signs if known else "regional_officer"),
            required=content.get("required", True),
            order=content.get("order"),
            most=content.get("most", 1),
            shares=content.get("shares", False),
        )


BUILT_IN = {
    "trainee": PartyRole(role="trainee", signs=ACCOUNT),
    "sending_unit": PartyRole(role="sending_unit", signs="unit_officer"),
    "host": PartyRole(role="host", signs="host_officer"),
}
"""Roles whose identity the placement knows; a draft names the organisation of any other."""


@dataclass(kw_only=True, slots=True)
class Party:
    """A party in its role; ``identity`` is the trainee's account or an organisation path.

    ``share`` is in percent; ``means`` is ``electronic`` or ``paper``, then ``document`` is the scanned page and
    ``attested_by`` the account of the officer who saw it.
    """

    role: str
    identity: str
    signs: str = ""
    order: int | None = None
    share: int | None = None
    leading: bool = False
    signed_on: date | None = None
    signed_by: str | None = None
    means: str | None = None
    document: UUID | None = None
    attested_by: str | None = None

    def __post_init__(self) -> None:
        self.signs = self.signs or BUILT_IN[self.role].signs

    @property
    def signed(self) -> bool:
        """True once this party's signature is there."""
        return self.signed_on is not None

    def is_signed_by(self, by: Actor) -> bool:
        """True when the actor signs for this party."""
        mine = by.subject if self.signs == ACCOUNT else by.organisation
        return by.has(SIGNERS[self.signs]) and bool(mine) and self.identity == mine

    def is_of(self, by: Actor) -> bool:
        """True when the actor belongs to this party in whatever role; such a person cannot attest its signature."""
        return self.identity in (by.subject, by.organisation)

    def anew(self) -> Party:
        """The same party without its signature."""
        return Party(
            role=self.role, identity=self.identity, signs=self.signs, order=self.order, share=self.share,
            leading=self.leading,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A party as a draft names it; without ``identity`` the one that the placement knows."""

    role: str
    identity: str | None = None
    share: int | None = None


def problems_of(parties: Sequence[Party], roles: Mapping[str, PartyRole]) -> list[Finding]:
    """Everything wrong with the parties under a policy's roles: missing, too many, twice, shares that are not whole."""
    found = []
    for role in roles.values():
        own = [party for party in parties if party.role == role.role]
        if role.required and not own:
            found.append(Finding("party-missing", f"The policy demands: {role.role}.", "/parties", "M-04"))
        if len(own) > role.most:
            found.append(Finding("too-many-parties", f"At most {role.most} as {role.role}.", "/parties", "M-04"))
        if len({party.identity for party in own}) < len(own):
            found.append(Finding("party-twice", f"The same {role.role} is named twice.", "/parties", "M-04"))
        if len(own) > 1 and len([party for party in own if party.leading]) != 1 and role.role == "host":
            found.append(
                Finding("leading-host-missing", "One of the hosts is that of the placement.", "/parties", "M-04")
            )
        found += _share_problems(role, own)
    return found


def _share_problems(role: PartyRole, own: Sequence[Party]) -> Iterable[Finding]:
    shares = [party.share for party in own]
    if not role.shares:
        if any(share is not None for share in shares):
            yield Finding("shares-not-foreseen", f"The policy knows no shares of {role.role}.", "/parties", "M-04")
        return
    if not own or (len(own) == 1 and shares[0] in (None, WHOLE)):
        return
    total = sum(share for share in shares if share is not None and share > 0)
    if None in shares or min(share or 0 for share in shares) < 1 or total != WHOLE:
        text = f"The shares of {role.role} are whole percents of at least 1 and sum to 100."
        yield Finding("shares-not-whole", text, "/parties", "M-04")
