"""The closed vocabularies of selection; open code lists (specialties, reasons, areas) live in the policies."""

from __future__ import annotations

from enum import StrEnum


class TitleLevel(StrEnum):
    """Professional title, ordered from lowest to highest."""

    NONE = "none"
    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    ASSOCIATE_SENIOR = "associate_senior"
    SENIOR = "senior"

    @property
    def rank(self) -> int:
        """Place in the order, 0 for the lowest."""
        return list(TitleLevel).index(self)


class UnitClass(StrEnum):
    """What kind of organisation a path names; the policy routes local review by it (S-04)."""

    MINISTRY = "ministry"
    REGIONAL_AUTHORITY = "regional_authority"
    PREFECTURE_AUTHORITY = "prefecture_authority"
    PREFECTURE_UNIT = "prefecture_unit"
    REGION_LEVEL_UNIT = "region_level_unit"
    HOST_INSTITUTION = "host_institution"
    SECTOR_DEPARTMENT = "sector_department"
    FINANCE_AUTHORITY = "finance_authority"
    TREASURY = "treasury"
    AUDIT = "audit"


class Step(StrEnum):
    """A step between application and roster that a call may require, in their order."""

    RECOMMENDATION = "recommendation"
    LOCAL_REVIEW = "local_review"
    PANEL = "panel"
    CLASSIFICATION = "classification"


class ReviewRoute(StrEnum):
    """Who reviews locally: the unit's own personnel office, or the authority above it (S-04)."""

    SELF = "self"
    PARENT = "parent"


class StaffCategory(StrEnum):
    """What kind of staff a person is; a dimension of composition (W-01, glossary 党政干部 / 专业技术人才)."""

    ADMINISTRATIVE = "administrative"
    PROFESSIONAL = "professional"
