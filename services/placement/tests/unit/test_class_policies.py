"""The programme files of classes and missions: they fit, say what the sources say, and agree with selection's."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from placement.adapters.http.policy_schema import must_fit
from placement.domain.policies import Rules, resolve
from placement.testing.class_road import PROGRAMMES, programme_file
from shared.kernel.refusals import Malformed

CLASS, MISSION = "skilled-talent-class", "tibet-expert-mission"


def selection_file(programme: str, version: str) -> dict[str, Any]:
    """The same programme as selection reads it."""
    read: dict[str, Any] = yaml.safe_load((PROGRAMMES / programme / version / "selection.yaml").read_text("utf-8"))
    return read


@pytest.mark.parametrize(("programme", "version"), [(CLASS, "class-2006"), (MISSION, "batch-3")])
def test_the_code_lists_are_those_of_selection(programme: str, version: str) -> None:
    """Both services speak of the same specialties; of a class also of the same unit categories (K-01)."""
    own, other = programme_file(programme, version), selection_file(programme, version)["codes"]

    must_fit(own)
    said = {(group, code) for group, codes in own["specialties"].items() for code in codes}
    assert said == {(each["group"], each["code"]) for each in other["specialties"]}
    if "class" in own:
        assert {each["code"]: each["units"] for each in own["class"]["categories"]} == {
            each["code"]: each["units"] for each in other["unit_categories"]
        }


def test_batch_four_doubles_the_missions() -> None:
    """P-06, P-07: one a year, then two; all else is inherited (P-08), and nothing of a training year is needed."""
    first, second = programme_file(MISSION, "batch-3"), programme_file(MISSION, "batch-4")
    must_fit(second)
    effective = resolve(first, {name: value for name, value in second.items() if name != "inherits"})
    must_fit(effective)
    before, after = Rules.of(first), Rules.of(effective)

    assert before.mission is not None
    assert after.mission is not None
    assert (before.mission.per_year, after.mission.per_year) == (1, 2)
    assert (len(after.mission.activity_kinds), after.short_class, after.reports.every_months) == (5, None, 0)


def test_what_does_not_fit_together_is_named() -> None:
    """All at once: a kind nobody holds, a category twice, a team that cannot be."""
    content = programme_file(CLASS, "class-2006")
    content["class"]["attendance"]["counted"].append("parade")
    content["class"]["categories"].append(content["class"]["categories"][0])
    content["mission"] = programme_file(MISSION, "batch-3")["mission"] | {"team": {"least": 9, "most": 5}}

    with pytest.raises(Malformed) as refused:
        must_fit(content)

    assert [finding.pointer for finding in refused.value.findings] == [
        "/class/attendance/counted/5", "/class/categories/5/code", "/mission/team/least",
    ]  # fmt: skip
