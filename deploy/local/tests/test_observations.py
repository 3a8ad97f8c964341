"""`talent apply programmes/observations`: what is loaded, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from talent_local.commands.observations import editions, known_already
from talent_local.home import checkout
from talent_local.trouble import Trouble

PROGRAMMES = checkout() / "programmes"


def test_every_dataset_of_the_folder_is_an_edition() -> None:
    """One body per file, as the route takes it."""
    found = editions(PROGRAMMES / "observations")

    assert len(found) == len(list((PROGRAMMES / "observations").glob("*.yaml")))
    assert all({"dataset", "programme", "citation", "rows"} <= content.keys() for content in found)


def test_a_programme_holds_none() -> None:
    """A folder of policies stays one, also a single batch of it."""
    assert editions(PROGRAMMES / "tibet-special-training") == []
    assert editions(PROGRAMMES / "tibet-special-training" / "batch-4") == []


def test_what_is_no_yaml_is_told(tmp_path: Path) -> None:
    """The file is named."""
    (tmp_path / "broken.yaml").write_text("a: [", encoding="utf-8")

    with pytest.raises(Trouble, match=r"broken\.yaml"):
        editions(tmp_path)


def test_saying_it_again_is_no_failure() -> None:
    """The newest edition says exactly this already."""
    assert known_already(409, {"code": "same-edition"})
    assert not known_already(409, {"code": "other-programme"})
    assert not known_already(422, None)
