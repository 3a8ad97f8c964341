"""The bill of materials is valid CycloneDX, lists every locked package with its hashes, and comes out the same twice."""

from __future__ import annotations

import json

from shared.testing.opstools import ROOT
from talent_local.inventory import LEFT_OUT, bill, imaged, locked

LOCK = (ROOT / "requirements" / "runtime.txt").read_text()


def test_every_package_of_an_image_is_listed() -> None:
    written = bill()
    found = json.loads(written)
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    listed = {one["name"]: one["version"] for one in found["components"]}
    assert listed == locked(LOCK)
    assert len(listed) > 50
    assert all(one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}" for one in found["components"])
    assert all(one["externalReferences"][0]["hashes"] for one in found["components"])
    assert bill() == written


def test_what_is_taken_out_of_the_images_is_not_listed() -> None:
    assert f"{LEFT_OUT}==" in LOCK
    assert f"{LEFT_OUT}==" not in imaged(LOCK)
    assert LEFT_OUT in (ROOT / "deploy" / "Dockerfile").read_text()
    assert len(imaged(LOCK).splitlines()) < len(LOCK.splitlines())
