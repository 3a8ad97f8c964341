"""Where a webhook may lead: addresses and their disguises."""

from __future__ import annotations

import pytest

from gateway.adapters.webhooks.sending import CheckedResolver, RefusedAddress, excerpt
from gateway.domain.webhooks.destination import DestinationRules, forbidden_address, forbidden_host
from gateway.domain.webhooks.retrying import LONGEST_WISH, SCHEDULE, SPREAD, pause

RULES = DestinationRules(frozenset({443, 8443}))
GOOD = (
    "https://events.agency.gov.cn/talent", "https://events.agency.gov.cn:8443/talent?of=us", "https://8.8.8.8/",
    "https://[2400:3200::1]/hook", "https://xn--fiqs8s.cn/hook", "https://a-b.c1.org/",
)  # fmt: skip
BAD = (
    "http://events.agency.gov.cn/", "ftp://events.agency.gov.cn/", "https://user:word@agency.gov.cn/", "https://agency@x.cn/",
    "https://agency.gov.cn:22/", "https://agency.gov.cn:80/", "https://agency.gov.cn:0/", "https://agency.gov.cn:99999/",
    "https://agency.gov.cn/#part", "https:///nothing", "https://", "//agency.gov.cn/", "agency.gov.cn", "https:agency.cn",
    "https://localhost/", "https://LOCALHOST/", "https://sub.localhost/", "https://localhost./", "https://printer.local/",
    "https://db.internal/", "https://gateway/", "https://api.talent.svc.cluster.local/", "https://postgres.talent.svc/",
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/",
    "https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.1./", "https://127.0.0.01/", "https://0/",
    "https://0.0.0.0/", "https://10.1.2.3/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://100.100.100.200/", "https://168.63.129.16/",
    "https://224.0.0.1/", "https://239.255.255.250/", "https://255.255.255.255/", "https://240.0.0.1/", "https://192.0.2.1/",
    "https://198.18.0.1/", "https://198.51.100.7/", "https://203.0.113.9/", "https://192.88.99.1/", "https://192.0.0.8/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/", "https://[fd00:ec2::254]/", "https://[fec0::1]/",
    "https://[ff02::1]/", "https://[64:ff9b::7f00:1]/", "https://[64:ff9b::169.254.169.254]/", "https://[64:ff9b:1::1]/",
    "https://[2002:7f00:1::]/", "https://[2002:c0a8:101::1]/", "https://[2001:0:7f00:1::]/", "https://[2001:db8::1]/",
    "https://[100::1]/", "https://[::1", "https://\uff11\uff12\uff17.0.0.1/", "https://\u2460.com/", "https://例子.cn/",
    "https://agency.gov.cn\\@127.0.0.1/", "https://agency.gov.cn /", "https://agency..cn/", "https://-a.cn/",
    "https://%31%32%37.0.0.1/", "https://agency.gov.cn\t/", "https://1.2.3/", "https://a." + "b" * 64 + ".cn/",
    "https://1.0.0.127.in-addr.arpa/", "https://agency_x.cn/", "https://x.cn/" + "a" * 2000,
)  # fmt: skip


@pytest.mark.parametrize("url", GOOD)
def test_public_receivers_are_allowed(url: str) -> None:
    assert RULES.judge(url) == []


@pytest.mark.parametrize("url", BAD)
def test_everything_else_is_refused_by_its_form(url: str) -> None:
    """A name that is not public, an address that is not public in any notation, another scheme or port."""
    found = RULES.judge(url)

    assert found
    assert {finding.pointer for finding in found} == {"/url"}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    codes = {finding.code for finding in RULES.judge("http://user:word@10.0.0.1:22/#x")}

    assert codes == {"url-not-https", "url-credentials", "url-fragment", "url-port", "url-host"}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000/hook", "http://localhost:8080/", "https://[::1]:1234/", "http://127.8.9.1/"]
)
def test_a_developer_may_receive_on_this_machine_only(url: str) -> None:
    rules = DestinationRules(frozenset({443}), loopback=True)

    assert rules.judge(url) == []
    assert rules.judge("http://10.0.0.1/")
    assert rules.judge("http://localhost.attacker.org/")
    assert rules.judge("http://me@127.0.0.1/")
    assert rules.refuses("127.0.0.1") is None
    assert rules.refuses("10.0.0.1") == "private"


@pytest.mark.parametrize("address", ["fe80::1%eth0", "nonsense", "", "::ffff:8.8.8.8", "2001::1", "3fff::1", "4000::1"])
def test_what_is_not_a_plain_public_address_is_refused(address: str) -> None:
    assert forbidden_address(address) is not None


def test_public_names_and_addresses_pass() -> None:
    assert forbidden_host("agency.gov.cn") is None
    assert forbidden_address("1.1.1.1") is None
    assert forbidden_address("2606:4700:4700::1111") is None


async def test_a_name_that_is_moved_after_the_check_does_not_lead_inside() -> None:
    """Rebinding: what is checked is what is connected to, and one bad address among good ones is enough."""
    answers = [["93.184.215.14"], ["93.184.215.14", "127.0.0.1"], ["::ffff:10.0.0.1"]]

    async def lookup(host: str, port: int) -> list[str]:
        del host, port
        return answers.pop(0)

    resolver = CheckedResolver(RULES, lookup)

    first = await resolver.resolve("agency.gov.cn", 443)
    assert [found["host"] for found in first] == ["93.184.215.14"]
    for _ in range(2):
        with pytest.raises(RefusedAddress):
            await resolver.resolve("agency.gov.cn", 443)


def test_pauses_follow_the_table_and_heed_the_receiver() -> None:
    assert [pause(n, 0.0) for n in range(1, 10)] == list(SCHEDULE)
    assert pause(50, 0.0) == SCHEDULE[-1]
    assert pause(2, 1.0) == SCHEDULE[1] * (1 + SPREAD)
    assert pause(1, 0.5, wish=120.0) == 120.0
    assert pause(1, 0.0, wish=1.0) == SCHEDULE[0]
    assert pause(1, 0.0, wish=1e9) == LONGEST_WISH


def test_what_is_kept_of_an_answer_names_nobody() -> None:
    kept = excerpt("error for 扎西 <tashi@example.cn> id 540102199001011234\n".encode())

    assert "tashi" not in kept
    assert not any(character.isdigit() or ord(character) > 126 for character in kept)
    assert kept.startswith("error for")
    assert len(excerpt(b"x" * 100_000)) == 200
