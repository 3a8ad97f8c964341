"""What requests of this service carry."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.http.resources import Body, CodeText, Line

Score = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{1,4}(\.\d{1,2})?$"), Field(examples=["86.5"])]
"""A score as decimal string; a JSON number is refused."""
Version = Annotated[int | None, Field(ge=0, description="version you saw; a newer one refuses the list")]


class Nothing(Body):
    """An empty object: the address says everything."""


class ScoreItem(Body):
    """One line of a sheet."""

    participation: UUID
    score: Score
    version: Version = None

    @property
    def decimal(self) -> Decimal:
        """The score as a number."""
        return Decimal(self.score)


class ComponentSheetBody(Body):
    """Scores of one component for many people."""

    component: CodeText
    items: list[ScoreItem] = Field(min_length=1, max_length=1000)


class ResultItem(Body):
    """One stated result; ``reason`` belongs to a deferral."""

    participation: UUID
    outcome: Literal["pass", "fail", "deferred"]
    reason: CodeText | None = None
    version: Version = None


class ResultsBody(Body):
    """Results of many people."""

    items: list[ResultItem] = Field(min_length=1, max_length=1000)


class ResultBody(Body):
    """The result of one assessment."""

    outcome: Literal["pass", "fail", "deferred"]
    reason: CodeText | None = None


class ConfirmationItem(Body):
    """One assessment to confirm."""

    participation: UUID
    version: Version = None


class ConfirmationsBody(Body):
    """Results to confirm."""

    items: list[ConfirmationItem] = Field(min_length=1, max_length=1000)


class AppealBody(Body):
    """An objection; ``ground`` is a code of the scheme."""

    ground: CodeText


class DecisionBody(Body):
    """The decision on an appeal; ``scores`` by component only when it is upheld."""

    upheld: Annotated[bool, Field(strict=True)]
    scores: dict[CodeText, Score] | None = Field(default=None, max_length=50)

    @property
    def decimals(self) -> dict[str, Decimal] | None:
        """The scores as numbers."""
        return None if self.scores is None else {code: Decimal(score) for code, score in self.scores.items()}


class AssessmentCorrectionBody(Body):
    """What is wrong with a confirmed result: a coded reason of the scheme and the right scores by component."""

    reason: CodeText
    scores: dict[CodeText, Score] = Field(min_length=1, max_length=50)

    @property
    def decimals(self) -> dict[str, Decimal]:
        """The scores as numbers."""
        return {code: Decimal(score) for code, score in self.scores.items()}


class AssessmentExtensionBody(Body):
    """Why there is more time for a re-sit; a coded reason of the scheme."""

    reason: CodeText


class IssueBody(Body):
    """Which certificates to issue: everything requested of a session, or only some participations."""

    programme: CodeText
    session: CodeText
    participations: list[UUID] | None = Field(default=None, min_length=1, max_length=1000)


class CertificateReasonBody(Body):
    """A coded reason of the scheme."""

    reason: CodeText


class ConsumeBody(Body):
    """What the waiver is used for; ``application`` is the title authority's number."""

    title_level: CodeText
    application: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]


class VerificationBody(Body):
    """Exactly one of: number and name, token, credential."""

    number: Annotated[str, StringConstraints(max_length=100)] | None = None
    name: Line | None = None
    token: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    credential: Annotated[str, StringConstraints(min_length=1, max_length=20000)] | None = None

    @property
    def is_one_question(self) -> bool:
        """True when the members make exactly one way of asking."""
        given = {name for name in ("number", "name", "token", "credential") if getattr(self, name) is not None}
        return given in ({"number", "name"}, {"token"}, {"credential"})
