"""One run of Schemathesis over the published contract: deterministic by its seed, counted, without shrinking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished
from schemathesis.engine.recorder import ScenarioRecorder

from talent_local.fuzzing.ground import Ground
from talent_local.fuzzing.report import Finding, Report
from talent_local.fuzzing.substituting import learning, substituting, thinning

PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")

LEFT_OUT: Final = {
    "/v1/events/stream": "server-sent events never end; opened, listened to for a moment and closed in streams.py",
}
"""Paths that are not fuzzed → why."""

CHECKS_OFF: Final = {
    "positive_data_acceptance": "a value that fits the schema may still break a rule of the programme: 409 and 422 are right",
    "use_after_free": "nothing is ever deleted by a DELETE that later reads could contradict",
    "ensure_resource_availability": "who creates a thing does not always see it: lists and things are scoped by role",
    "object_level_authorization": "needs two sign-ins of the tool; every route × role × organisation is a test of its own",
}
"""Checks of the tool that are not made → why; everything else but a time limit is on."""
REJECTING: Final = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "431"]
"""How wrong data is refused: by the tool's own list, too large included, and never by a failure of the server."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """What to send.

    Attributes:
        seed: everything drawn follows from it and from what the platform answers.
        examples: fuzzed cases per operation and mode.
        phases: of PHASES.
        share: percent of the coverage cases that are sent, drawn by their content; there are some 27 000 of them.
        prefixes: only operations whose path begins with one of these; empty for all.
    """

    seed: int
    examples: int
    phases: tuple[str, ...] = PHASES
    prefixes: tuple[str, ...] = ()
    share: int = 100

    def config(self, gateway: str) -> SchemathesisConfig:
        """The tool's settings."""
        phases: dict[str, Any] = {phase: {"enabled": phase in self.phases} for phase in PHASES}
        for phase in ("examples", "coverage", "fuzzing"):
            phases[phase]["extra-data-sources"] = {"responses": False}
        phases["fuzzing"]["error-feedback"] = {"enabled": False}
        phases["stateful"] |= {"max-steps": 8, "generation": {"max-examples": 10 * self.examples}}
        return SchemathesisConfig.from_dict(
            {
                "seed": self.seed,
                "base-url": gateway,
                "continue-on-failure": True,
                "request-timeout": 60.0,
                "suppress-health-check": ["all"],
                "cache": {"enabled": False},
                "output": {"sanitization": {"enabled": True}},
                "generation": {
                    "mode": "all", "max-examples": self.examples, "no-shrink": True, "database": "none",
                    "allow-x00": True, "with-security-parameters": False,
                },
                "phases": phases,
                "checks": {name: {"enabled": False} for name in CHECKS_OFF}
                | {name: {"expected-statuses": REJECTING} for name in ("negative_data_rejection", "missing_required_header")},
            }
        )  # fmt: skip


def run(campaign: Campaign, ground: Ground) -> Report:
    """Send everything and report."""
    chosen = {
        path: item
        for path, item in ground.document["paths"].items()
        if path not in LEFT_OUT and path.startswith(campaign.prefixes or ("/",))
    }
    schema = schemathesis.openapi.from_dict(
        dict(ground.document) | {"paths": chosen}, config=campaign.config(ground.gateway)
    )
    schema.hook(substituting(ground.pools, ground.tokens))
    schema.hook(learning(ground.pools))
    schema.hook(thinning(campaign.seed, campaign.share))
    report = Report()
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            _count(report, event.phase.value, event.recorder)
        elif isinstance(event, NonFatalError):
            report.errors.append(f"{event.label} [{event.phase}]: {event.value!r}"[:2000])
    return report


def _count(report: Report, phase: str, recorder: ScenarioRecorder) -> None:
    phase = phase.partition(" ")[0].lower()
    for number, node in recorder.cases.items():
        interaction = recorder.interactions.get(number)
        if interaction is None or interaction.response is None:
            continue
        operation, status = node.value.operation.label, interaction.response.status_code
        if node.parent_id is None or node.transition is not None:
            report.cases[phase, operation] += 1
            report.statuses[operation, status] += 1
    for number, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is None:
                continue
            failure = check.failure_info.failure
            interaction = recorder.interactions.get(failure.case_id or number)
            answer = None if interaction is None else interaction.response
            report.found(
                Finding(
                    check=check.name,
                    operation=recorder.cases[number].value.operation.label,
                    phase=phase,
                    title=failure.title,
                    message=failure.message[:1500],
                    status=None if answer is None else answer.status_code,
                    sample=check.failure_info.code_sample[:1500],
                )
            )
