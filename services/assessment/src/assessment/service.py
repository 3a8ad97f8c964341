"""What this service is: its name, routes, rules, unit of work and background work."""

from __future__ import annotations

from datetime import timedelta

from assessment.adapters.db import tables
from assessment.adapters.db.reads import personal_reads
from assessment.adapters.db.unit_of_work import AssessmentWork
from assessment.adapters.events.consuming import CONSUMES
from assessment.adapters.http.messages import ZH
from assessment.adapters.http.policy import POLICY
from assessment.adapters.http.routes import (
    assessments,
    certificates,
    contests,
    issuer,
    issuing,
    policies,
    printing,
    vc_api,
    verification,
    waivers,
)
from assessment.adapters.http.routes.accrediting import accreditations, cards
from assessment.adapters.http.routes.papers import router as papers_router
from assessment.adapters.http.routes.returning import achievements, follow_ups, links, obligations, outcomes
from assessment.adapters.http.tools import certificate_tools
from assessment.adapters.jobs.sealing import seal_anew_by
from assessment.adapters.jobs.steps import STEPS
from assessment.usecases.accrediting.keep_cards import expire_cards
from assessment.usecases.returning.follow_ups import keep_follow_ups
from shared.audit.reads import reads_router
from shared.audit.routes import audit_router
from shared.http.running import Service
from shared.jobs.routes import job_router
from shared.jobs.stepping import job_duties
from shared.messaging.duties import Duty
from shared.messaging.gauging import cases
from shared.messaging.worker import Workload, background

WORKLOAD = Workload(
    consumes=CONSUMES,
    duties=[
        *job_duties(STEPS, keep_files=timedelta(days=3)),
        Duty("expire-cards", 60.0, expire_cards),
        Duty("keep-follow-ups", 10.0, keep_follow_ups),
        Duty("seal-anew", 10.0, seal_anew_by),
    ],
    measures=[cases("assessment", "participation", "assessment", "certificate", "job")],
)

SERVICE: Service[AssessmentWork] = Service(
    name="assessment",
    title="Assessment: from evidence to a certificate anyone can check",
    routers=[
        policies.router,
        assessments.router,
        contests.router,
        certificates.router,
        papers_router,
        waivers.router,
        verification.router,
        issuing.router,
        printing.router,
        accreditations.router,
        achievements.router,
        follow_ups.router,
        links.router,
        obligations.router,
        outcomes.router,
        cards.router,
        job_router("assessment", tables.job),
        issuer.router,
        vc_api.router,
        audit_router("assessment"),
        reads_router("assessment", personal_reads()),
    ],
    policy=POLICY,
    work=AssessmentWork,
    messages=ZH,
    background=background(WORKLOAD),
    startup=certificate_tools,
)
