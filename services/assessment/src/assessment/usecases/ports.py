"""What the use cases need from outside, as Protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from assessment.domain.accrediting.accreditation import Accreditation
from assessment.domain.accrediting.card import TalentCard
from assessment.domain.accrediting.usage import Allowance, CardUse
from assessment.domain.assessing.assessment import Assessment
from assessment.domain.certifying.certificate import Certificate, HolderCard, HolderName, Minted
from assessment.domain.certifying.numbering import NumberSequence
from assessment.domain.certifying.standing import StatusSlot
from assessment.domain.certifying.waiver import Waiver
from assessment.domain.participation import Participation
from assessment.domain.returning.achievement import Achievement
from assessment.domain.returning.follow_up import FollowUp
from assessment.domain.returning.link import AlumniLink
from assessment.domain.schemes.policy import Policy
from assessment.domain.schemes.scheme import Scheme
from shared.kernel.job import Job
from shared.kernel.refusals import Finding
from shared.kernel.work import Store, Work


class AssessmentPort(Work, Protocol):
    """The unit of work with the stores of this service."""

    @property
    def policies(self) -> Store[Policy]:
        """The policies."""
        ...

    @property
    def participations(self) -> Store[Participation]:
        """The participations; the id is the participation id."""
        ...

    @property
    def assessments(self) -> Store[Assessment]:
        """The assessments."""
        ...

    @property
    def certificates(self) -> Store[Certificate]:
        """The certificates."""
        ...

    @property
    def waivers(self) -> Store[Waiver]:
        """The waivers."""
        ...

    @property
    def sequences(self) -> Store[NumberSequence]:
        """The number sequences."""
        ...

    @property
    def accreditations(self) -> Store[Accreditation]:
        """The accreditations."""
        ...

    @property
    def cards(self) -> Store[TalentCard]:
        """The talent cards."""
        ...

    @property
    def allowances(self) -> Store[Allowance]:
        """How often cards used which service."""
        ...

    @property
    def card_uses(self) -> Store[CardUse]:
        """The uses of cards."""
        ...

    @property
    def jobs(self) -> Store[Job]:
        """The jobs."""

    @property
    def achievements(self) -> Store[Achievement]:
        """The achievements."""
        ...

    @property
    def follow_ups(self) -> Store[FollowUp]:
        """The follow-ups."""
        ...

    @property
    def links(self) -> Store[AlumniLink]:
        """The alumni links."""
        ...

    async def follow_ups_to_move(self, day: date, limit: int) -> Sequence[FollowUp]:
        """Follow-ups that fall due on ``day`` or are missed before it, locked; what others hold is left out."""
        ...

    async def policy(self, programme: str, version: str) -> Policy | None:
        """A policy for reading, without a lock: it is the same for everybody and used by everything."""
        ...

    async def cards_over(self, today: date, most: int) -> list[TalentCard]:
        """Cards whose last day lies before ``today`` and that nobody ended yet, at most ``most``, locked."""
        ...

    async def flush(self) -> None:
        """Write what has changed so far, so that what follows meets the constraints in order."""
        ...

    async def status_slots(self, count: int) -> list[StatusSlot]:
        """Fresh places in the status lists, in an order that tells nothing; given once, kept even by a rollback."""
        ...

    async def certificates_sealed_otherwise(self, head: bytes, most: int) -> list[Certificate]:
        """At most ``most`` certificates whose sealing key does not begin with ``head``, locked."""
        ...

    async def seen_certificate(self, **equal: Any) -> Certificate | None:
        """Any such certificate for reading, without a lock: the public may look while an officer works."""
        ...


class SchemeChecker(Protocol):
    """Checks policy content against the published JSON Schema."""

    def content(self, content: Mapping[str, Any]) -> list[Finding]:
        """Problems of content as handed in; content that inherits may be partial."""
        ...

    def effective(self, content: Mapping[str, Any]) -> list[Finding]:
        """Problems of content with everything inherited."""
        ...


class NameSource(Protocol):
    """Asks selection for names at the moment they are printed; nothing but the certificate keeps them."""

    async def names(self, participations: Sequence[UUID], *, purpose: str) -> dict[UUID, HolderName | None]:
        """The name of each participation, None where selection knows none. Never called inside a transaction."""
        ...


class Signer(Protocol):
    """Makes signatures with one key, which it never gives away; a key service or an HSM can stand behind it.

    ``docs/signers.md`` says how a deployer adds one.
    """

    @property
    def kid(self) -> str:
        """Id of the key."""
        ...

    @property
    def algorithm(self) -> str:
        """What it signs with: ``ES256`` or ``Ed25519``."""
        ...

    async def sign(self, signed: bytes) -> bytes:
        """The raw signature over ``signed``; ES256 as r and s, 32 bytes each."""
        ...


class Mint(Protocol):
    """Makes what a certificate holds: the signed credential, the sealed card, the token."""

    async def mint(
        self,
        certificate: Certificate,
        number: str,
        name: HolderName,
        scheme: Scheme,
        *,
        issued_on: date,
        valid_until: date | None,
        at: datetime,
        slot: StatusSlot,
    ) -> Minted:
        """Sign and seal for one certificate; ``slot`` is where its status will be found.

        A key service may be asked inside the transaction, because the number that is signed is drawn in it; a signature
        that is thrown away with its transaction does no harm.
        """
        ...

    def token(self, certificate: Certificate) -> str:
        """The unguessable verification token of an issued certificate.

        Raises:
            Conflict: ``link-lost``: it was issued before tokens were kept, and the key that its token came from is gone.
        """
        ...

    def token_digest(self, token: str) -> str:
        """The digest under which a token is found."""
        ...

    @property
    def sealed_by(self) -> bytes:
        """How the sealing key of a certificate begins that the service's present key wraps."""
        ...

    def seal_anew(self, certificate: Certificate) -> None:
        """Wrap the certificate's own key by the service's present key, and keep the token of one from before tokens were kept."""
        ...

    def open_card(self, certificate: Certificate | None) -> HolderCard:
        """The card of a certificate; for None a decoy, with the same work."""
        ...

    def open_credential(self, certificate: Certificate) -> str:
        """The signed credential."""
        ...

    def open_embedded(self, certificate: Certificate) -> str | None:
        """The credential with its proof embedded, as JSON; None for a certificate from before there was one."""
        ...

    def open_slip(self, certificate: Certificate) -> str | None:
        """The slip for the offline QR code (``shared.credentials.slip``); None from before there was one."""
        ...

    def credential_id(self, credential: str) -> str | None:
        """The id inside a credential that one of our keys signed, as JWT or with embedded proof; None for anything else."""
        ...

    def slip_number(self, text: str) -> str | None:
        """The number on a slip that one of our keys signed, alone or in the QR code's address; None for anything else."""
        ...
