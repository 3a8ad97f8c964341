"""Everything that is published, as an AsyncAPI 3 document: topics, the live stream and the webhooks.

``python -m gateway.adapters.contract.asyncapi`` writes the golden file ``docs/api/asyncapi.json``.
"""

from __future__ import annotations

from functools import cache
from inspect import getdoc
from pathlib import Path
from typing import Any

import orjson

from gateway.adapters.webhooks.courier import PING
from shared.contracts.envelope import CONTENT_TYPE, SERVICES
from shared.contracts.event import REGISTRY, Event, topic_of

Document = dict[str, Any]
GOLDEN = Path(__file__).parents[5] / "docs" / "api" / "asyncapi.json"
SCHEMAS = "#/components/schemas/"
STREAM, WEBHOOK = "feed-stream", "webhook"
_DESCRIPTION = """\
What happens in the programmes, told to whoever may know it. Services of the platform read the topics; everybody else
reads the same events as a feed (`GET /v1/events` of the OpenAPI document), as a stream of server-sent events, or gets
them as webhooks. Payloads hold ids, codes, days and amounts, never a name or a number of a person.
"""
_TEXT = {"type": "string"}


def contracts() -> list[type[Event]]:
    """Every published contract, in the order of their names."""
    return [REGISTRY[name] for name in sorted(REGISTRY) if name.startswith("cn.talent.")]


@cache
def asyncapi() -> bytes:
    """The document as it is served: indented, members in order."""
    return orjson.dumps(_document(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def _document() -> Document:
    schemas: Document = {"CloudEvent": _cloud_event(), "RecordHeaders": _record_headers()}
    schemas |= {"WebhookHeaders": _webhook_headers(), "WebhookBody": _webhook_body()}
    names = sorted(service.__name__.rpartition(".")[2] for service in SERVICES)
    channels = {topic_of(name): _topic(name) for name in names} | _outside()
    operations = {f"publish-{name}": _operation("send", topic_of(name), f"What {name} publishes.") for name in names}
    operations |= {
        f"consume-{name}": _operation("receive", topic_of(name), f"What others read of {name}.") for name in names
    }
    operations["stream"] = _operation("send", STREAM, "Sends the feed as it grows to whoever opened the stream.")
    operations["deliver"] = _operation("send", WEBHOOK, "Posts an event to the address of a subscription.")
    return {
        "asyncapi": "3.0.0",
        "id": "urn:talent:events",
        "info": {
            "title": "Talent Programme Platform: events",
            "version": "1.0.0",
            "description": _DESCRIPTION,
            "contact": {
                "name": "Operators of the talent programme platform", "url": "https://talent.invalid/support",
                "email": "support@talent.invalid",
            },
            "license": {
                "name": "For public authorities and whom they authorise", "url": "https://talent.invalid/licence",
            },
            "tags": [{"name": name, "description": f"Events of {name}."} for name in names],
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "log": {"host": "kafka.talent.invalid:9092", "protocol": "kafka", "description": "The event log."},
            "gateway": {"host": "talent.invalid", "protocol": "https", "description": "The one door."},
            "receiver": {"host": "receiver.invalid", "protocol": "https", "description": "Where a webhook leads."},
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": _messages(schemas), "schemas": schemas},
    }  # fmt: skip


def _topic(service: str) -> Document:
    own = [contract for contract in contracts() if contract.service == service]
    return {
        "address": topic_of(service),
        "title": f"Events of {service}",
        "description": "Keyed by `ce_subject`, so that what concerns one person or thing stays in order.",
        "servers": [{"$ref": "#/servers/log"}],
        "messages": {one.type_name(): {"$ref": f"#/components/messages/{one.type_name()}"} for one in own},
        "bindings": {"kafka": {"topic": topic_of(service), "partitions": 12, "bindingVersion": "0.5.0"}},
    }


def _outside() -> Document:
    return {
        STREAM: {
            "address": "/v1/events/stream",
            "title": "The feed as it grows",
            "description": "Server-sent events; `id` is a cursor to resume with (`Last-Event-ID`), `event` the type.",
            "servers": [{"$ref": "#/servers/gateway"}],
            "messages": {"CloudEvent": {"$ref": "#/components/messages/CloudEvent"}},
        },
        WEBHOOK: {
            "address": None,
            "title": "Webhooks",
            "description": "Standard Webhooks 1.0: POST to the address of a subscription (`POST /v1/webhooks`), signed `v1` "
            "and `v1a`, at least once and in order; `webhook-id` stays the same over retries and replays.",
            "servers": [{"$ref": "#/servers/receiver"}],
            "messages": {"Webhook": {"$ref": "#/components/messages/Webhook"}},
        },
    }


def _operation(action: str, channel: str, summary: str) -> Document:
    escaped = channel.replace("~", "~0").replace("/", "~1")
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{escaped}"},
        "title": summary.rstrip("."),
        "summary": summary,
    }


def _messages(schemas: Document) -> Document:
    found: Document = {
        "CloudEvent": {
            "name": "CloudEvent", "title": "An event of the feed", "contentType": CONTENT_TYPE,
            "summary": "CloudEvents 1.0 in structured JSON.", "payload": {"$ref": SCHEMAS + "CloudEvent"},
        },
        "Webhook": {
            "name": "Webhook", "title": "A delivery", "contentType": CONTENT_TYPE,
            "summary": f"An event of the feed, or a test message of type {PING}.",
            "headers": {"$ref": SCHEMAS + "WebhookHeaders"}, "payload": {"$ref": SCHEMAS + "WebhookBody"},
        },
    }  # fmt: skip
    for contract in contracts():
        schema = contract.model_json_schema(ref_template=SCHEMAS + "{model}")
        for name, inner in schema.pop("$defs", {}).items():
            if schemas.setdefault(name, inner) != inner:
                raise ValueError(f"two shapes are called {name}")
        name = contract.type_name()
        schemas[name] = schema
        found[name] = {
            "name": name, "title": contract.event, "summary": (getdoc(contract) or "").partition("\n")[0],
            "contentType": CONTENT_TYPE, "tags": [{"name": contract.service}],
            "headers": {"$ref": SCHEMAS + "RecordHeaders"}, "payload": {"$ref": SCHEMAS + name},
            "bindings": {"kafka": {"key": {"type": "string", "format": "uuid"}, "bindingVersion": "0.5.0"}},
            "x-subject": contract.subject_member, "x-aggregate": contract.aggregate,
        }  # fmt: skip
    return found


def _record_headers() -> Document:
    members = (
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "partitionkey",
        "dataschema",
        "seq",
        "aggregate",
    )
    names = ["content-type", *(f"ce_{name}" for name in members)]
    return {
        "type": "object",
        "description": "CloudEvents 1.0 in binary mode.",
        "properties": dict.fromkeys(names, _TEXT),
        "required": names,
    }


def _cloud_event() -> Document:
    texts = ("specversion", "id", "source", "type", "subject", "time", "datacontenttype")
    properties: Document = dict.fromkeys(texts, _TEXT) | {
        "seq": {"type": "integer", "minimum": 1},
        "data": {"type": "object"},
    }
    return {"type": "object", "properties": properties, "required": [*properties]}


def _webhook_headers() -> Document:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {"type": "object", "properties": dict.fromkeys(names, _TEXT), "required": [*names]}


def _webhook_body() -> Document:
    properties = {
        "type": _TEXT,
        "timestamp": {"type": "string", "format": "date-time", "description": "business time of the event"},
        "data": {"$ref": SCHEMAS + "CloudEvent"},
    }
    return {"type": "object", "properties": properties, "required": [*properties]}


if __name__ == "__main__":
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_bytes(asyncapi())
