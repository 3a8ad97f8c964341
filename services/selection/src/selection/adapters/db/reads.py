"""Which entries of the trail are reads of the vault, of names or of attested facts, and whose they are (domain.md 7.3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Text, and_, cast, func, true

from selection.adapters.db.tables import application, metadata, person
from shared.audit.reads import reads_of

_AUDIT = metadata.tables["audit"]
_OPENED = ("person.open", "person.lookup")


def personal_reads() -> list[Select[Any]]:
    """Reads through a participation, reads of the person, and reads of many at once."""
    return [
        _through_participations(),
        _of_persons(),
        _of_many("attested.read", "attested", "eligibility"),
        _of_many("person.export", "names", None),
    ]


def _through_participations() -> Select[Any]:
    at = and_(_AUDIT.c.object_type == "participation", _AUDIT.c.object_id == cast(application.c.id, Text))
    return reads_of(
        _AUDIT, _OPENED, _AUDIT.join(application, at), account=application.c.account, participation=application.c.id,
        session=application.c.session, fields=_said("attribute"), extent=_said("extent"),
        where=_said("attribute").is_not(None),
    )  # fmt: skip


def _of_persons() -> Select[Any]:
    at = and_(_AUDIT.c.object_type == "person", _AUDIT.c.object_id == cast(person.c.id, Text))
    return reads_of(
        _AUDIT, _OPENED, _AUDIT.join(person, at), account=person.c.account, fields=_said("attribute"),
        extent=_said("extent"), where=_said("attribute").is_not(None),
    )  # fmt: skip


def _of_many(action: str, fields: str, purpose: str | None) -> Select[Any]:
    """One entry that names every application it read."""
    listed = func.jsonb_array_elements_text(_AUDIT.c.details["applications"])
    each = listed.table_valued("application", with_ordinality="place").render_derived().lateral()
    source = _AUDIT.join(each, true()).join(application, cast(application.c.id, Text) == each.c.application)
    return reads_of(
        _AUDIT, (action,), source, account=application.c.account, participation=application.c.id,
        session=application.c.session, fields=fields, purpose=purpose, nth=each.c.place,
        where=func.jsonb_typeof(_AUDIT.c.details["applications"]) == "array",
    )  # fmt: skip


def _said(name: str) -> Any:
    return _AUDIT.c.details[name].astext
