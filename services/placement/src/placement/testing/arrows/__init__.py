"""Recipes of races by noun; importing a module registers its lifecycles. One line a noun."""

from __future__ import annotations

from placement.testing.arrows import agreements as agreements
from placement.testing.arrows import cases as cases
from placement.testing.arrows import checkins as checkins
from placement.testing.arrows import classes as classes
from placement.testing.arrows import groups as groups
from placement.testing.arrows import inspections as inspections
from placement.testing.arrows import mentors as mentors
from placement.testing.arrows import missions as missions
from placement.testing.arrows import plans as plans
from placement.testing.arrows import pretraining as pretraining
from placement.testing.arrows import reports as reports
from placement.testing.arrows import term as term
from placement.testing.arrows import terms as terms
