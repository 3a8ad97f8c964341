"""What this service is: its name, routes, rules, unit of work and background work."""

from __future__ import annotations

from assessment.adapters.db.unit_of_work import AssessmentWork
from assessment.adapters.events.consuming import CONSUMES
from assessment.adapters.http.messages import ZH
from assessment.adapters.http.policy import POLICY
from assessment.adapters.http.routes import assessments, certificates, policies, verification, waivers
from assessment.adapters.http.tools import certificate_tools
from shared.audit.routes import audit_router
from shared.http.running import Service
from shared.messaging.worker import Workload, background

WORKLOAD = Workload(consumes=CONSUMES, duties=())

SERVICE: Service[AssessmentWork] = Service(
    name="assessment",
    title="Assessment: from evidence to a certificate anyone can check",
    routers=[
        policies.router,
        assessments.router,
        certificates.router,
        waivers.router,
        verification.router,
        audit_router("assessment"),
    ],
    policy=POLICY,
    work=AssessmentWork,
    messages=ZH,
    background=background(WORKLOAD),
    startup=certificate_tools,
)
