"""Which spans are made: what the environment says, money always, the idle questions of background tasks never."""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState, get_current_span
from opentelemetry.util.types import Attributes

from shared.telemetry.spans import MONEY

_INWARD = frozenset({SpanKind.SERVER, SpanKind.CONSUMER, SpanKind.PRODUCER})
_FROM_EVENTS = frozenset({SpanKind.CONSUMER, SpanKind.PRODUCER})


class Sampling(Sampler):
    """The standard sampler of ``OTEL_TRACES_SAMPLER`` with three rules before it.

    A trace begins only where work comes in (a request, a batch of events): the relay asks the database ten times a
    second, and that is no trace. What moves money is always sampled. What goes on from a sampled trace is sampled; links
    that callers from outside bring along are not asked, so nobody outside decides what is kept.
    """

    def __init__(self, ordinary: Sampler) -> None:
        self._ordinary = ordinary

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Decide about one span."""
        begins = not get_current_span(parent_context).get_span_context().is_valid
        if begins and kind not in _INWARD:
            return SamplingResult(Decision.DROP)
        goes_on = kind in _FROM_EVENTS and any(link.context.trace_flags.sampled for link in links or ())
        if (begins and goes_on) or (attributes or {}).get(MONEY):
            return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes)
        return self._ordinary.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        """For the curious."""
        return f"Sampling({self._ordinary.get_description()})"
