"""Every alert fires when it should and stays silent when it should not, says promtool; rules, pages and metrics agree."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from shared.testing.metrics import listed
from shared.testing.promtool import NoPromtool, promtool
from talent_local.operating.asked import FOREIGN, OF_THE_SCRAPE, asked

ROOT: Final = Path(__file__).parents[3]
RULES: Final = ROOT / "deploy/observability/rules"
DAY: Final = 86_400

Series = dict[str, str]
FIRES_AND_DOES_NOT: Final[dict[str, tuple[str, Series, Series]]] = {
    "ErrorBudgetBurnsFast": ("2h", {
        'http_requests_total{service="funding",status="200"}': "0+980x600",
        'http_requests_total{service="funding",status="500"}': "0+20x600",
    }, {
        'http_requests_total{service="funding",status="200"}': "0+990x600",
        'http_requests_total{service="funding",status="500"}': "0+10x600",
    }),
    "ErrorBudgetBurns": ("8h", {
        'http_requests_total{service="funding",status="200"}': "0+990x600",
        'http_requests_total{service="funding",status="503"}': "0+10x600",
    }, {
        'http_requests_total{service="funding",status="200"}': "0+995x600",
        'http_requests_total{service="funding",status="503"}': "0+5x600",
    }),
    "SlowRequestsBurnFast": ("2h", {
        'http_request_seconds_bucket{service="funding",le="1.0"}': "0+80x600",
        'http_request_seconds_count{service="funding"}': "0+100x600",
    }, {
        'http_request_seconds_bucket{service="funding",le="1.0"}': "0+90x600",
        'http_request_seconds_count{service="funding"}': "0+100x600",
    }),
    "SlowRequestsBurn": ("8h", {
        'http_request_seconds_bucket{service="funding",le="1.0"}': "0+90x600",
        'http_request_seconds_count{service="funding"}': "0+100x600",
    }, {
        'http_request_seconds_bucket{service="funding",le="1.0"}': "0+96x600",
        'http_request_seconds_count{service="funding"}': "0+100x600",
    }),
    "UpstreamTurnedAway": ("10m", {'upstream_breaker_open{upstream="funding"}': "1x60"},
                           {'upstream_breaker_open{upstream="funding"}': "0x60"}),
    "ProcessDown": ("10m", {'up{job="talent",instance="a"}': "0x60"}, {'up{job="talent",instance="a"}': "1x60"}),
    "OutboxLate": ("10m", {'outbox_oldest_seconds{service="selection"}': "11x60"},
                   {'outbox_oldest_seconds{service="selection"}': "10x60"}),
    "OutboxStuck": ("10m", {'outbox_oldest_seconds{service="selection"}': "61x60"},
                    {'outbox_oldest_seconds{service="selection"}': "60x60"}),
    "NoRelay": ("10m", {'relay_epoch{service="selection",instance="a"}': "0x60"}, {
        'relay_epoch{service="selection",instance="a"}': "0x60", 'relay_epoch{service="selection",instance="b"}': "7x60",
    }),
    "RelayChangesHands": ("20m", {'relay_epoch_changes_total{service="selection"}': "0+1x60"},
                          {'relay_epoch_changes_total{service="selection"}': "0 1x60"}),
    "ConsumerLate": ("10m", {'consumer_lag_seconds{consumer="funding"}': "121x60"},
                     {'consumer_lag_seconds{consumer="funding"}': "119x60"}),
    "ConsumerStuck": ("10m", {'consumer_lag_seconds{consumer="funding"}': "601x60"},
                      {'consumer_lag_seconds{consumer="funding"}': "599x60"}),
    "ReaderRepaired": ("10m", {'reader_repairs_total{consumer="funding"}': "0 0 1x60"},
                       {'reader_repairs_total{consumer="funding"}': "3x60"}),
    "AggregateParked": ("10m", {'parked_aggregates{consumer="funding"}': "1x60"},
                        {'parked_aggregates{consumer="funding"}': "0x60"}),
    "SequenceGap": ("5m", {'sequence_gaps_total{consumer="funding"}': "0 0 1x60"},
                    {'sequence_gaps_total{consumer="funding"}': "4x60"}),
    "EventsPending": ("2h", {'pending_aggregates{consumer="funding"}': "1x300"},
                      {'pending_aggregates{consumer="funding"}': "1x30 0x1 1x58 0x200"}),
    "LedgerDrift": ("5m", {"ledger_drift_fen": "0 0 1x60", "ledger_mismatched_accounts": "0x60"},
                    {"ledger_drift_fen": "0x60", "ledger_mismatched_accounts": "0x60"}),
    "MeasuringStopped": ("20m", {'gauges_measured_timestamp_seconds{service="funding"}': "60x60"},
                         {'gauges_measured_timestamp_seconds{service="funding"}': "0+60x60"}),
    "AuditSealingLate": ("10m", {'audit_checkpoint_age_seconds{service="funding"}': "121x60"},
                         {'audit_checkpoint_age_seconds{service="funding"}': "60x60"}),
    "AuditNotSealed": ("10m", {'audit_checkpoint_age_seconds{service="funding"}': "601x60"},
                       {'audit_checkpoint_age_seconds{service="funding"}': "599x60"}),
    "CertificateEnds": ("5m", {'certificate_remaining_seconds{service="a",certificate="s"}': f"{29 * DAY}x60"},
                        {'certificate_remaining_seconds{service="a",certificate="s"}': f"{31 * DAY}x60"}),
    "CertificateEndsSoon": ("5m", {'certificate_remaining_seconds{service="a",certificate="s"}': f"{6 * DAY}x60"},
                            {'certificate_remaining_seconds{service="a",certificate="s"}': f"{8 * DAY}x60"}),
    "KeyOld": ("5m", {'key_age_seconds{service="a",key="signing_key"}': f"{401 * DAY}x60"},
               {'key_age_seconds{service="a",key="signing_key"}': f"{300 * DAY}x60"}),
    "BackupOld": ("27h", {"cnpg_collector_last_available_backup_timestamp": "0x1700"},
                  {"cnpg_collector_last_available_backup_timestamp": "0x600 36000x1100"}),
    "PoolExhausted": ("20m", {
        'pool_wait_seconds_bucket{service="funding",le="1.0"}': "0+10x60",
        'pool_wait_seconds_bucket{service="funding",le="2.5"}': "0+100x60",
        'pool_wait_seconds_bucket{service="funding",le="+Inf"}': "0+100x60",
    }, {
        'pool_wait_seconds_bucket{service="funding",le="1.0"}': "0+100x60",
        'pool_wait_seconds_bucket{service="funding",le="2.5"}': "0+100x60",
        'pool_wait_seconds_bucket{service="funding",le="+Inf"}': "0+100x60",
    }),
    "TransactionsLong": ("30m", {
        'transaction_seconds_bucket{service="funding",le="5.0"}': "0+10x60",
        'transaction_seconds_bucket{service="funding",le="10.0"}': "0+100x60",
        'transaction_seconds_bucket{service="funding",le="+Inf"}': "0+100x60",
    }, {
        'transaction_seconds_bucket{service="funding",le="5.0"}': "0+100x60",
        'transaction_seconds_bucket{service="funding",le="10.0"}': "0+100x60",
        'transaction_seconds_bucket{service="funding",le="+Inf"}': "0+100x60",
    }),
    "CasesStandStill": ("2h", {
        'cases{service="funding",kind="instalment",state="instructed"}': "2x300",
        'case_oldest_seconds{service="funding",kind="instalment",state="instructed"}': f"{31 * DAY}x300",
    }, {
        'cases{service="funding",kind="instalment",state="paid"}': "2x300",
        'case_oldest_seconds{service="funding",kind="instalment",state="paid"}': f"{400 * DAY}x300",
    }),
    "WebhooksLate": ("2h", {"webhook_oldest_undelivered_seconds": "0+60x300"},
                     {"webhook_oldest_undelivered_seconds": "0+60x59 0+60x59 0+60x59"}),
    "WebhookDisabled": ("30h", {'webhooks{state="disabled",instance="a"}': "1x1700 2x200"},
                        {'webhooks{state="disabled",instance="a"}': "1x60 2x1900"}),
    "DutyNotDone": ("1h", {
        'duty_failures_in_row{service="funding",duty="remind",instance="a"}': "0 1+1x60",
        'duty_failures_in_row{service="funding",duty="remind",instance="b"}': "0 1+1x60",
    }, {
        'duty_failures_in_row{service="funding",duty="remind",instance="a"}': "0x60",
        'duty_failures_in_row{service="funding",duty="remind",instance="b"}': "0 1+1x60",
    }),
}  # fmt: skip
"""Alert → when it is looked at, series with which it fires, series with which it does not; one value a minute."""

ALSO_FIRES: Final[dict[str, tuple[str, Series]]] = {
    "NoRelay": ("30m", {'relay_epoch{service="selection",instance="a"}': "7x15"}),
    "DutyNotDone": ("4h", {'duty_done_timestamp_seconds{service="funding",duty="remind"}': "0+60x20 1200x300"}),
}
"""What is there no more, or hangs."""


def _alerts() -> dict[str, dict[str, Any]]:
    groups = yaml.safe_load((RULES / "alerts.yaml").read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def _case(alert: str, when: str, series: Series, *, fires: bool) -> dict[str, Any]:
    return {
        "name": f"{alert} {'fires' if fires else 'is silent'}",
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f'count(ALERTS{{alertname="{alert}",alertstate="firing"}})',
                "eval_time": when,
                "exp_samples": [{"labels": "{}", "value": 1}] if fires else [],
            }
        ],
    }


@pytest.fixture(scope="session")
def tool() -> Path:
    try:
        return promtool(ROOT)
    except NoPromtool as reason:
        pytest.skip(str(reason))


def test_every_alert_fires_and_stays_silent(tool: Path, tmp_path: Path) -> None:
    """Two cases for each alert that there is, no more and no fewer alerts than cases."""
    assert set(FIRES_AND_DOES_NOT) == set(_alerts())
    cases = [
        _case(alert, when, series, fires=fires)
        for alert, (when, firing, calm) in FIRES_AND_DOES_NOT.items()
        for fires, series in ((True, firing), (False, calm))
    ]
    cases += [_case(alert, when, series, fires=True) for alert, (when, series) in ALSO_FIRES.items()]
    content = {
        "rule_files": [str(path) for path in sorted(RULES.glob("*.yaml"))],
        "evaluation_interval": "1m",
        "tests": cases,
    }
    (tmp_path / "cases.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    done = subprocess.run(
        [tool, "test", "rules", "cases.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_where_nothing_failed_the_share_is_nothing(tool: Path, tmp_path: Path) -> None:
    """Not absent: a panel without a line, and an alert on nothing, say neither yes nor no."""
    content = {
        "rule_files": [str(RULES / "recording.yaml")],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": 'http_requests_total{service="funding",status="200"}', "values": "0+9x60"}],
                "promql_expr_test": [
                    {
                        "expr": f"talent:http_error_ratio:rate{window}",
                        "eval_time": "50m",
                        "exp_samples": [
                            {"labels": f'talent:http_error_ratio:rate{window}{{service="funding"}}', "value": 0}
                        ],
                    }
                    for window in ("5m", "30m", "1h", "6h")
                ],
            }
        ],
    }
    (tmp_path / "cases.yaml").write_text(yaml.safe_dump(content))
    done = subprocess.run(
        [tool, "test", "rules", "cases.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_and_configuration_are_sound(tool: Path) -> None:
    files = sorted(RULES.glob("*.yaml"))
    rules = subprocess.run([tool, "check", "rules", *files], capture_output=True, text=True, check=False)
    config = ROOT / "deploy/observability/prometheus/prometheus.yml"
    whole = subprocess.run(
        [tool, "check", "config", "--syntax-only", config], capture_output=True, text=True, check=False
    )

    assert rules.returncode == 0, rules.stdout + rules.stderr
    assert whole.returncode == 0, whole.stdout + whole.stderr


def test_every_alert_has_its_page() -> None:
    """A severity, a summary, and a link to a heading that is there; no page without an alert."""
    alerts = _alerts()
    headings = re.findall(r"^## Alert: (\w+)$", (ROOT / "docs/alerts.md").read_text(), re.MULTILINE)

    assert headings == list(alerts)
    for name, rule in alerts.items():
        assert rule["labels"]["severity"] in {"page", "warn"}
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["runbook"] == f"docs/alerts.md#alert-{name.lower()}"


def test_what_rules_and_dashboards_ask_for_is_listed() -> None:
    """Every metric of a rule or a panel is in the list, recorded, or known to be foreign; it has the labels asked for."""
    rows = {series: row for row in listed(ROOT).values() for series in row.series}
    questions = asked(ROOT)
    recorded = {each.place for each in questions if each.kind == "record"}
    names = {name for each in questions for name in each.names()}
    unknown = {
        (each.place, name, *sorted(labels - rows[name].labels - OF_THE_SCRAPE))
        for each in questions
        for name, labels in each.labels().items()
        if name in rows and not labels <= rows[name].labels | OF_THE_SCRAPE
    }

    assert names - set(rows) - recorded - FOREIGN == set()
    assert unknown == set()
    assert len(names) > 25


def test_panels_have_the_unit_of_what_they_show() -> None:
    """Seconds are shown as seconds, bytes as bytes, counters by the second or over a while."""
    rows = {series: row for row in listed(ROOT).values() for series in row.series}
    for each in (each for each in asked(ROOT) if each.kind == "panel"):
        for row in (rows[name] for name in each.names() & set(rows)):
            if row.type == "counter":
                ways = {"rate": {"percentunit"} if row.unit == "seconds" else {"reqps", "ops"}, "increase": {"short"}}
                wanted = next(units for way, units in ways.items() if f"{way}(" in each.expression)
            else:
                wanted = {{"seconds": "s", "Unix time": "s", "bytes": "bytes"}.get(row.unit, "short")}
            assert each.unit in wanted, each


def test_the_job_is_called_alike_wherever_it_is_scraped() -> None:
    """Rules and panels choose by it: the operator of Kubernetes would name it after the monitor."""
    config = yaml.safe_load((ROOT / "deploy/observability/prometheus/prometheus.yml").read_text())
    monitors = yaml.safe_load_all((ROOT / "deploy/k8s/components/monitoring/pods.yaml").read_text())
    talent = next(each for each in monitors if each["metadata"]["name"] == "talent")
    (endpoint,) = talent["spec"]["podMetricsEndpoints"]
    chosen = {job for each in asked(ROOT) for job in re.findall(r'job="(\w+)"', each.expression)}

    assert chosen == {job["job_name"] for job in config["scrape_configs"]}
    assert {"targetLabel": "job", "replacement": min(chosen)} in endpoint["relabelings"]
