"""The way of papers: agreements on paper and on file, plans written anew."""

from __future__ import annotations

from typing import Any


async def papers(road: Any) -> None:
    """Signed on paper, filed step by step, terminated; a plan written anew and answered."""
    people, filings = road.people, "/agreement-filings"
    await road.placed(1)
    (id,) = await road.offered_agreements([1])
    signed = {"items": [{"role": "trainee", "page": await road.page(people.unit, id), "signed_on": "2024-03-01"}]}
    await road.ok(road.post(people.unit, f"/agreements/{id}/paper-signatures", signed))
    await road.ok(road.post(people.unit, f"/agreements/{id}/sign"))
    filing = await road.prepared_filing(id)
    one = {"items": [{"filing": filing}]}
    await road.ok(road.post(people.unit, f"{filings}/submissions", one))
    await road.ok(road.post(people.region, f"{filings}/{filing}/return", {"reason": "Seal missing."}))
    await road.ok(road.post(people.unit, f"{filings}/submissions", one))
    receipts = {"items": [{"filing": filing, "number": "N-1"}]}
    await road.ok(road.post(people.region, f"{filings}/acknowledgements", receipts))
    await road.ok(road.post(people.region, f"/agreements/{id}/terminate", {"reason": "Merged."}))
    (plan,) = await road.drafted_plans([1])
    await road.ok(road.post(people.host(), f"/plans/{plan}/rewrite", road.plan_text(post="Other ward")))
    await road.ok(road.post(people.trainee(1), f"/plans/{plan}/consult", {"comments": "No.", "agrees": False}))
    await road.ok(road.post(people.host(), f"/plans/{plan}/answer", {"answer": "Because."}))
