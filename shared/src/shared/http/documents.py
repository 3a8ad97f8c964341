"""Answers that are JSON by another name."""

from __future__ import annotations

from fastapi.responses import JSONResponse


class SchemaDocument(JSONResponse):
    """A JSON Schema."""

    media_type = "application/schema+json"


class KeySet(JSONResponse):
    """A JSON Web Key Set (RFC 7517)."""

    media_type = "application/jwk-set+json"


class VerifiableCredential(JSONResponse):
    """A credential of the W3C data model 2.0 with an embedded proof."""

    media_type = "application/vc"


class DidDocument(JSONResponse):
    """A DID document in its JSON form."""

    media_type = "application/did+json"
