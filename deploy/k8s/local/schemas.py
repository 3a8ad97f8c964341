"""Writes the schemas of ``tests/ops/k8s/schemas`` from the CRDs themselves: ``schemas.py FOLDER``, which ``crds.sh`` filled.

A CRD of an operator is up to a megabyte; what the tests need is the part that this tree uses. So every schema is cut to the
members that occur in an overlay with all components, and closed: a member that is new to the tree is added by running this
again, and one that the CRD does not know never gets in. Rules in CEL are left to a real API server (``apply.sh``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from shared.testing.manifests import OVERLAYS, build, components
from shared.testing.opstools import ROOT

SCHEMAS: Final = ROOT / "tests" / "ops" / "k8s" / "schemas"
KEPT: Final = frozenset(
    {
        "type", "enum", "pattern", "format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
        "minProperties", "maxProperties", "uniqueItems", "required", "oneOf", "anyOf", "allOf", "not",
    }
)  # fmt: skip
"""What of a schema of a CRD JSON Schema knows, besides its members."""
METADATA: Final = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "maxLength": 253},
        "namespace": {"type": "string"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["name"],
    "additionalProperties": False,
}

Schema = dict[str, Any]


def cut(schema: Schema, used: Sequence[Any], before: Schema) -> Schema:
    """The part of a schema that these values use, closed.

    Args:
        schema: of the CRD.
        used: the values that stand there in the tree.
        before: what this place of the schema in the tree says; kept where the CRD lets everything through.
    """
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    kept = {key: _plain(value) for key, value in schema.items() if key in KEPT}
    if "properties" in schema:
        names = {name for value in used for name in value} | set(schema.get("required", ()))
        unknown = names - set(schema["properties"])
        if unknown and not schema.get("x-kubernetes-preserve-unknown-fields"):
            raise SystemExit(f"The CRD knows no {sorted(unknown)} beside {sorted(schema['properties'])[:20]}.")
        kept["properties"] = {
            name: cut(part, [v[name] for v in used if name in v], before.get("properties", {}).get(name, {}))
            for name, part in sorted(schema["properties"].items())
            if name in names
        }
        return kept | {"additionalProperties": False}
    if "properties" in before or (schema.get("x-kubernetes-preserve-unknown-fields") and before):
        return before
    values = schema.get("additionalProperties")
    if isinstance(values, dict):
        kept["additionalProperties"] = cut(values, [v for value in used for v in value.values()], {})
    if "items" in schema:
        kept["items"] = cut(schema["items"], [v for value in used for v in value], before.get("items", {}))
    return kept


def _plain(part: Any) -> Any:
    """Without the words that explain."""
    if isinstance(part, dict):
        return {key: _plain(value) for key, value in part.items() if key != "description"}
    return [_plain(each) for each in part] if isinstance(part, list) else part


def written(crds: Path) -> Iterable[tuple[Path, Schema]]:
    """Path and schema of every kind of these CRDs that the tree uses."""
    documents = [each for overlay in OVERLAYS for each in build(overlay, components())]
    for path in sorted(crds.glob("*.yaml")):
        crd = yaml.safe_load(path.read_text(encoding="utf-8"))
        group, kind = crd["spec"]["group"], crd["spec"]["names"]["kind"]
        for version in crd["spec"]["versions"]:
            api = f"{group}/{version['name']}"
            used = [each for each in documents if (each["apiVersion"], each["kind"]) == (api, kind)]
            if not used:
                continue
            to = SCHEMAS / group / f"{kind}.json"
            before: Schema = json.loads(to.read_text(encoding="utf-8")) if to.exists() else {}
            spec = cut(
                version["schema"]["openAPIV3Schema"]["properties"]["spec"],
                [each["spec"] for each in used],
                before.get("properties", {}).get("spec", {}),
            )
            origin = crd["metadata"].get("annotations", {}).get("controller-gen.kubebuilder.io/version")
            yield to, {
                "$comment": f"Cut from the CRD {crd['metadata']['name']} by deploy/k8s/local/schemas.py"
                + (f" (controller-gen {origin})." if origin else "."),
                "type": "object",
                "properties": {
                    "apiVersion": {"const": api}, "kind": {"const": kind}, "metadata": {"$ref": "#/$defs/metadata"}, "spec": spec
                },
                "required": ["apiVersion", "kind", "metadata", "spec"],
                "additionalProperties": False,
                "$defs": {"metadata": METADATA},
            }  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Command line."""
    for path, schema in written(Path(arguments[0])):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
