"""The policy table says only what the design allows."""

from __future__ import annotations

from placement.adapters.http.messages import ZH
from placement.adapters.http.policy import POLICY
from shared.kernel.actor import Relation, Role


def test_study_reports_are_read_by_their_recipients_only() -> None:
    """D-02, domain.md 7.4: not by hosts, mentors, leaders or machines."""
    readers = {role for rule in POLICY.rules if rule.action == "report.read" for role in rule.roles}

    assert readers == {Role.APPLICANT, Role.UNIT_OFFICER, Role.REGIONAL_OFFICER}


def test_only_the_ministry_decides_on_hosts() -> None:
    """M-01: runs and confirmations are the ministry's; hosts decide on what is proposed to them."""
    for action in ("run.confirm", "placement.propose", "placement.confirm"):
        assert {role for rule in POLICY.rules if rule.action == action for role in rule.roles} == {
            Role.MINISTRY_OFFICER
        }
    hosts = [
        rule
        for rule in POLICY.rules
        if Role.HOST_OFFICER in rule.roles
        and rule.action not in ("policy.read", "host.read", "class.read", "online-course.read")
        and not rule.action.startswith(("job.", "calendar."))
    ]
    assert {rule.relation for rule in hosts} == {Relation.HOST}


def test_nobody_but_the_service_itself_is_system() -> None:
    """No row gives the role that no token may hold."""
    assert not [rule for rule in POLICY.rules if Role.SYSTEM in rule.roles]


def test_chinese_wordings_are_sentences() -> None:
    """Every wording ends as a sentence."""
    assert [code for code, text in ZH.items() if not text.endswith("。")] == []
