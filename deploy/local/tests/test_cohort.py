"""The made-up cohort: the same one from the same seed, plausible, and nobody's."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml

from talent_local.cohort.cohort import FULL, SMALL, Cohort, draw_cohort, scaled_batch, scaled_nodes
from talent_local.cohort.people.applicants import Way
from talent_local.cohort.people.identity import check_digit
from talent_local.cohort.people.scores import Candidate, draw_sheets
from talent_local.cohort.places.hosts import places_offered
from talent_local.cohort.specimens import operations, specimen
from talent_local.home import checkout

PROGRAMME = checkout() / "programmes" / "tibet-special-training"


@pytest.fixture(scope="module")
def policy() -> dict[str, Any]:
    """The third batch's policy with the focus areas of the fourth: all that a cohort is drawn from."""
    third, fourth = (
        yaml.safe_load((PROGRAMME / batch / "selection.yaml").read_text(encoding="utf-8"))
        for batch in ("batch-3", "batch-4")
    )
    third["codes"]["focus_areas"] = fourth["codes"]["focus_areas"]
    content: dict[str, Any] = third
    return content


@pytest.fixture(scope="module")
def cohort(policy: dict[str, Any]) -> Cohort:
    return draw_cohort("a seed", FULL, policy)


def test_a_cohort_is_a_function_of_its_seed(policy: dict[str, Any], cohort: Cohort) -> None:
    """The same seed gives the same people, hosts and fates; another seed gives others."""
    assert draw_cohort("a seed", FULL, policy) == cohort
    assert draw_cohort("another", FULL, policy) != cohort


def test_identity_numbers_are_sound_and_nobodys(cohort: Cohort) -> None:
    """GB 11643: check digit and birth date fit, numbers differ, and the district issues none."""
    numbers = [who.identity for who in cohort.applicants]
    assert len(set(numbers)) == FULL.applicants
    for who in cohort.applicants:
        assert who.identity[17] == check_digit(who.identity[:17])
        assert who.identity[6:14] == f"{who.birth_date:%Y%m%d}"
        assert who.identity[4:6] == "00"


def test_the_check_digit_of_the_standard() -> None:
    """GB 11643-1999, annex: 11010519491231002X."""
    assert check_digit("11010519491231002") == "X"


def test_names_are_given_in_the_scripts_they_have(cohort: Cohort) -> None:
    """Chinese and Latin for everybody, Tibetan script for Tibetan names, which are most."""
    tibetan = [who.name for who in cohort.applicants if who.name.bo]
    assert FULL.applicants / 2 < len(tibetan) < FULL.applicants
    assert all("\u0f00" <= name.bo[0] <= "\u0fff" for name in tibetan if name.bo)
    assert all(who.name.zh and who.name.latin.isascii() for who in cohort.applicants)


def test_people_come_from_everywhere_and_hosts_are_in_21_provinces(cohort: Cohort) -> None:
    """S-02, S-04, domain.md 1.5: seven prefectures and the region's own units; hosts in 21 provinces."""
    assert len({who.unit.area for who in cohort.applicants}) == 8
    assert len({host.province for host in cohort.hosts}) == 21
    assert {host.group for host in cohort.hosts} == {who.group for who in cohort.applicants}


def test_other_ways_are_as_many_as_were_asked_for(cohort: Cohort) -> None:
    """Withdrawn, returned, rejected, waived before the roster; fates after it never meet in one person."""
    ways = Counter(who.way for who in cohort.applicants)
    assert {way: ways[way] for way in FULL.ways} == FULL.ways
    assert cohort.applicants[0].way is Way.PLAIN
    fates = [*cohort.fates.leaving, *cohort.fates.early, *cohort.fates.failing, cohort.fates.revoked]
    assert len(set(fates)) == len(fates)
    assert all(1 <= place <= FULL.places for place in fates)


def test_waived_people_need_a_waiver(policy: dict[str, Any]) -> None:
    """S-09: a junior title in a specialty that the policy lists."""
    waived = [who for who in draw_cohort("a seed", FULL, policy).applicants if who.way is Way.WAIVED]
    assert any(who.title == "junior" for who in waived)


def test_hosts_offer_more_than_is_needed(cohort: Cohort) -> None:
    """M-01: every group has more places than trainees, so that a host that declines is no disaster."""
    demand = Counter(who.group for who in cohort.applicants[: FULL.places])
    capacity = places_offered(cohort.hosts, demand)
    offered = Counter[str]()
    for host in cohort.hosts:
        offered[host.group] += capacity[host.code]
    assert all(offered[group] > count for group, count in demand.items())


def test_composite_scores_are_all_distinct() -> None:
    """S-06: no tie ever decides, even among people of the same merit and whoever stood aside."""
    weights = {"a": 25, "b": 25, "c": 20, "d": 30}
    candidates = [Candidate(str(n), 76.0, 100 * (n % 4), (0, 1) if n == 5 else (0, 1, 2)) for n in range(300)]

    sheets = draw_sheets("a seed", candidates, weights)

    composites = {
        one.points + sum(score * weights[name] for own in sheets[one.key].values() for name, score in own.items())
        / len(sheets[one.key])
        for one in candidates
    }  # fmt: skip
    assert len(composites) == len(candidates)
    assert draw_sheets("a seed", candidates, weights) == sheets


def test_a_small_session_keeps_the_shape_of_the_large_one(policy: dict[str, Any]) -> None:
    """P-02: the target follows the quotas; minima shrink, maxima never fall below them."""
    programme = yaml.safe_load((PROGRAMME / "batch-4" / "programme.yaml").read_text(encoding="utf-8"))
    batch = scaled_batch(programme, "2024", SMALL.places)["batch"]
    assert batch["target"] == sum(row["quota"] for row in batch["sessions"])
    nodes = [{"code": "a", "min": 18, "max": 40}, {"code": "b", "min": 7, "max": 30}]
    assert scaled_nodes(nodes, 18, 180) == [{"code": "a", "min": 1, "max": 4}, {"code": "b", "min": 0, "max": 3}]
    assert len(draw_cohort("a seed", SMALL, policy).applicants) == SMALL.applicants


def test_specimens_fit_their_schema() -> None:
    """The smallest body: required members only, references followed, unions by their first branch."""
    body = {
        "type": "object",
        "required": ["items", "on", "kind"],
        "properties": {
            "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Row"}},
            "on": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
            "kind": {"enum": ["x", "y"]},
            "left_out": {"type": "string"},
        },
    }
    row = {
        "type": "object",
        "required": ["n", "host"],
        "properties": {"n": {"type": "integer", "minimum": 3}, "host": {"type": "string", "pattern": "^hosts/[A-Z]"}},
    }
    document = {
        "components": {"schemas": {"Row": row}},
        "paths": {"/v1/things/{id}": {"post": {
            "parameters": [{"in": "path", "name": "id", "schema": {"type": "string", "format": "uuid"}}],
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"200": {}, "404": {}},
        }}},
    }  # fmt: skip

    (operation,) = operations(document)

    assert specimen(document, operation.schema or {}) == {
        "items": [{"n": 3, "host": "hosts/H999"}],
        "on": "2024-09-01",
        "kind": "x",
    }
    assert (operation.named, operation.public, operation.statuses) == (True, False, frozenset({200, 404}))
    assert operation.path == "/v1/things/00000000-0000-7000-8000-000000000000"
