"""The programmes as data: every profile rule by rule, and the golden numbers of selection (domain.md 1.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from selection.adapters.http.policy_schema import check_policy
from selection.adapters.http.programme_schema import check_programme
from selection.domain.balancing.tree import QuotaTree
from selection.domain.codes import StaffCategory, TitleLevel, UnitClass
from selection.domain.eligibility.facts import CandidateFacts
from selection.domain.eligibility.rules import Outcome, Waived, evaluate
from selection.domain.eligibility.targets import answer_targets, percent
from selection.domain.policy.parse import parse_policy
from selection.domain.policy.policy import Policy
from shared.kernel.actor import Role

SICHUAN, CLASS, HEILONGJIANG, MISSION, TIBET = (
    "sichuan-two-way-secondment", "skilled-talent-class", "heilongjiang-talent-support", "tibet-expert-mission",
    "tibet-special-training",
)  # fmt: skip
DAY = date(2024, 3, 1)
SOMEBODY = CandidateFacts(
    title_level=TitleLevel.INTERMEDIATE, specialty="", specialty_group="", specialty_in_shortage=False, years_of_service=6,
    grassroots_years=4, county_experience=True, township_experience=True, unit_class=UnitClass.PREFECTURE_UNIT, age=38,
    staff_category=StaffCategory.ADMINISTRATIVE, position_class="county-team-deputy", direction="outbound",
    competences=frozenset({"economy-management", "social-management", "work-with-people"}), reserve_listed=True,
)  # fmt: skip
PROFESSIONAL: dict[str, Any] = {
    "staff_category": StaffCategory.PROFESSIONAL, "position_class": "technical-post", "reserve_listed": None,
}  # fmt: skip
INBOUND = {"direction": "inbound", "position_class": "inland-post"}
DEPUTY = {"position_class": "department-deputy", "county_experience": False, "township_experience": False}

Named = Callable[[str, str], Policy]


@pytest.fixture(scope="module")
def policy(kit: Any) -> Named:
    """Programme and version → its typed policy, the predecessor's rows filled in."""
    known: dict[tuple[str, str], Policy] = {}

    def named(programme: str, version: str) -> Policy:
        if (programme, version) not in known:
            known[programme, version] = parse_policy(kit.resolved(programme, version))
        return known[programme, version]

    return named


def test_every_programme_has_the_published_shape_and_a_tree_that_holds(kit: Any, policy: Named) -> None:
    """P-02: the quotas sum to the target; every session's tree fits its places."""
    assert len(kit.versions()) == 7
    for programme, version in kit.versions():
        plan = kit.content(version, "programme", programme)
        check_programme(plan)
        check_policy(kit.content(version, "selection", programme))
        assert sum(each["quota"] for each in plan["batch"]["sessions"]) == plan["batch"]["target"]
        for each in plan["batch"]["sessions"]:
            nodes = policy(programme, version).plan_of(each["session"]).quota_nodes or ()
            assert QuotaTree(each["quota"], nodes).places == each["quota"]


@pytest.mark.parametrize(
    ("profile", "about", "unmet", "waivable"),
    [
        ("county-leadership", {}, [], []),
        ("county-leadership", {"reserve_listed": False}, ["S-10-reserve"], []),
        ("county-leadership", {"reserve_listed": None}, ["S-10-reserve"], []),
        ("county-leadership", {"township_experience": False}, [], ["S-10-township"]),
        ("county-leadership", {"county_experience": False}, [], ["S-10-county"]),
        ("county-leadership", {"competences": frozenset({"economy-management"})}, ["S-10-economy"], []),
        ("county-leadership", {"competences": None}, ["S-10-economy"], []),
        ("county-leadership", {"position_class": "first-secretary"}, ["S-10-post"], []),
        ("department-and-village", DEPUTY, [], []),
        ("department-and-village", DEPUTY | {"position_class": "first-secretary"}, [], []),
        ("department-and-village", DEPUTY | {"reserve_listed": False}, ["S-11-reserve"], []),
        ("department-and-village", {}, ["S-11-post"], []),
        ("professional", PROFESSIONAL, [], []),
        ("professional", PROFESSIONAL | {"title_level": TitleLevel.JUNIOR}, [], ["S-12-title"]),
        ("professional", PROFESSIONAL | {"years_of_service": 2}, [], ["S-12-years"]),
        ("professional", {}, ["S-12-staff"], []),
        ("inbound", INBOUND, [], []),
        ("inbound", INBOUND | {"reserve_listed": False}, [], ["S-13-reserve"]),
        ("inbound", {}, ["S-13-direction"], []),
    ],
)
def test_the_four_profiles_of_the_secondment(
    policy: Named, profile: str, about: Any, unmet: list[str], waivable: list[str]
) -> None:
    """S-10 to S-13, rule by rule, as the selecting authority sees them."""
    rules = policy(SICHUAN, "batch-2").profile_rules(profile)
    answer = evaluate(rules, replace(SOMEBODY, **about), on=DAY, attested=True)

    assert [each.rule for each in answer.barriers] == unmet
    assert [each.rule for each in answer.waivers_needed] == waivable
    assert answer.eligible is not bool(unmet or waivable)
    assert all(each.document and each.clause and each.message_zh and each.message_en for each in answer.results)
    for each in waivable:
        lifted = evaluate(
            rules,
            replace(SOMEBODY, **about),
            [Waived(each, Role.REGIONAL_OFFICER, "The county asked.")],
            on=DAY,
            attested=True,
        )
        assert lifted.eligible
        assert Outcome.WAIVED in {result.outcome for result in lifted.results}


@pytest.mark.parametrize(
    ("profile", "about", "points"),
    [
        ("county-leadership", {}, 2),
        ("county-leadership", {"competences": frozenset({"social-management"})}, 0),
        ("department-and-village", DEPUTY, 7),
        ("department-and-village", DEPUTY | {"grassroots_years": 1}, 4),
        ("department-and-village", DEPUTY | {"competences": frozenset()}, 3),
        ("professional", PROFESSIONAL, 3),
        ("professional", PROFESSIONAL | {"age": 46}, 2),
        ("professional", PROFESSIONAL | {"competences": frozenset({"project-planning"})}, 1),
    ],
)
def test_what_the_secondment_prefers(policy: Named, profile: str, about: Any, points: int) -> None:
    """S-10 to S-12: 优先 and 重点 are points."""
    rules = policy(SICHUAN, "batch-2").profile_rules(profile)

    assert evaluate(rules, replace(SOMEBODY, **about), on=DAY).preference_points == points


def test_reserve_listing_decides_only_what_its_profile_says(policy: Named) -> None:
    """domain.md 7.3 no. 3: the local review neither asks nor learns it."""
    for profile in ("county-leadership", "department-and-village", "professional", "inbound"):
        rules = policy(SICHUAN, "batch-2").profile_rules(profile)
        asked = {rule.code for rule in rules if rule.attested}
        local = evaluate(rules, replace(SOMEBODY, reserve_listed=False), on=DAY)

        assert not asked & {each.rule for each in (*local.barriers, *local.waivers_needed)}
        assert {each.rule for each in local.results if each.attested} == asked
    assert not any(rule.attested for rule in policy(SICHUAN, "batch-2").profile_rules("professional"))


@pytest.mark.parametrize(("category", "eligible"), [("technical-school", True), ("industry", True), (None, False)])
def test_the_delegate_of_the_class(policy: Named, category: str | None, eligible: bool) -> None:
    """S-14: delegates come from the five kinds of unit."""
    answer = evaluate(
        policy(CLASS, "class-2006").profile_rules("delegate"), replace(SOMEBODY, unit_category=category), on=DAY
    )

    assert answer.eligible is eligible


@pytest.mark.parametrize(
    ("about", "profiles"),
    [
        ({"title_level": TitleLevel.SENIOR, "years_of_service": 20}, {"applicant", "tier-1", "tier-2", "tier-3"}),
        ({"title_level": TitleLevel.SENIOR, "years_of_service": 5}, {"applicant", "tier-2", "tier-3"}),
        ({"title_level": TitleLevel.ASSOCIATE_SENIOR}, {"applicant", "tier-3"}),
        (
            {"title_level": TitleLevel.NONE, "specialty_group": "skills", "years_of_service": 12},
            {"applicant", "tier-3"},
        ),
        ({"title_level": TitleLevel.NONE, "specialty_group": "skills"}, {"applicant"}),
        ({"title_level": TitleLevel.INTERMEDIATE}, set()),
    ],
)
def test_the_tiers_of_the_accreditation(policy: Named, about: Any, profiles: set[str]) -> None:
    """T-02: tiers are profiles, so a dry run says which a person reaches."""
    read = policy(HEILONGJIANG, "round-1")
    facts = replace(SOMEBODY, **about)

    assert {name for name in read.profiles if evaluate(read.profile_rules(name), facts, on=DAY).eligible} == profiles


def test_the_expert_of_a_mission(policy: Named) -> None:
    """P-06, X-02: one of the five activities; the title is a SHOULD."""
    rules = policy(MISSION, "batch-4").profile_rules("expert")
    able = replace(SOMEBODY, competences=frozenset({"free-clinic"}), title_level=TitleLevel.SENIOR)

    assert evaluate(rules, able, on=DAY).eligible
    assert [each.rule for each in evaluate(rules, replace(able, competences=None), on=DAY).barriers] == [
        "P-06-activity"
    ]
    assert [each.rule for each in evaluate(rules, SOMEBODY, on=DAY).barriers] == ["P-06-activity"]
    needed = evaluate(rules, replace(able, title_level=TitleLevel.JUNIOR), on=DAY).waivers_needed
    assert [each.rule for each in needed] == ["X-02-title"]


def test_the_numbers_of_the_training(kit: Any) -> None:
    """3 × 5 sessions × 120 = 1 800; batch 3 = 600 with 5 missions; batch 4 = 180 a year, +60, +50 %; 2 missions a year."""
    third, fourth = (kit.content(version, "programme", TIBET)["batch"] for version in ("batch-3", "batch-4"))
    year_before, year_after = third["sessions"][-1]["quota"], fourth["sessions"][0]["quota"]

    assert 3 * len(third["sessions"]) == 15
    assert 3 * sum(each["quota"] for each in third["sessions"]) == 1800
    assert (third["target"], third["expert_missions"], third["expert_missions_per_year"]) == (600, 5, 1)
    assert (year_after - year_before, percent(year_after - year_before, year_before)) == (60, Decimal("50.0"))
    assert fourth["expert_missions_per_year"] == 2
    for version, a_year in (("batch-3", 1), ("batch-4", 2)):
        batch = kit.content(version, "programme", MISSION)["batch"]
        years = batch["last_year"] - batch["first_year"] + 1
        assert len(batch["sessions"]) == batch["expert_missions"] == years * a_year
        assert batch["expert_missions_per_year"] == a_year


def test_the_numbers_of_the_secondment(kit: Any, policy: Named) -> None:
    """1345 + 230 = 1575; 727 + 618 = 1345, 54.1 % and 45.9 %; 7 → 20, 9 → 12, disjoint, 32 counties; P2Y against P1Y."""
    batch = kit.content("batch-2", "programme", SICHUAN)["batch"]
    quotas = {each["session"]: each["quota"] for each in batch["sessions"]}
    read = policy(SICHUAN, "batch-2")
    one, other = (set(each["targets"]) for each in batch["pairing_schemes"])
    plans = {session: read.plan_of(session) for session in quotas}

    assert (quotas["2012-outbound"], quotas["2012-inbound"] + quotas["2013-inbound"]) == (1345, 230)
    assert sum(quotas.values()) == batch["target"] == 1575
    assert [each["sources_count"] for each in batch["pairing_schemes"]] == [7, 9]
    assert (len(one), len(other), len(one | other)) == (20, 12, 32)
    assert one | other <= read.destinations
    nodes = {node.code: node for node in plans["2012-outbound"].quota_nodes or ()}
    assert set(nodes["scheme-7-20"].match["destination"]) == one
    assert set(nodes["scheme-9-12"].match["destination"]) == other
    assert {plan.term for plan in plans.values() if plan.direction == "outbound"} == {"P2Y"}
    assert {plan.term for plan in plans.values() if plan.direction == "inbound"} == {"P1Y"}


def test_the_composition_of_the_secondment_is_reached_in_aggregate(policy: Named) -> None:
    """727 and 618 of 1345 are 54.1 and 45.9 percent: exactly what the TARGET rules want, and never about a person."""
    administrative, professional = SOMEBODY, replace(SOMEBODY, **PROFESSIONAL)
    targets = [rule for rule in policy(SICHUAN, "batch-2").rules.values() if rule.code.startswith("W-01")]

    answers = answer_targets(targets, [administrative] * 727 + [professional] * 618, DAY)

    assert 727 + 618 == 1345
    assert {each.rule: (each.share, each.wanted) for each in answers} == {
        "W-01-administrative": (Decimal("54.1"), Decimal("54.1")),
        "W-01-professional": (Decimal("45.9"), Decimal("45.9")),
    }


def test_the_numbers_of_the_class(kit: Any, policy: Named) -> None:
    """30 + 140 + 12 + 16 + 230 = 428 units; at least one seat for each."""
    units = {
        row["code"]: row["units"] for row in kit.content("class-2006", "selection", CLASS)["codes"]["unit_categories"]
    }
    nodes = policy(CLASS, "class-2006").plan_of("2006").quota_nodes or ()

    assert list(units.values()) == [30, 140, 12, 16, 230]
    assert sum(units.values()) == 428
    assert {node.code: node.min for node in nodes} == units
