"""The words of the policy table: sets of roles."""

from __future__ import annotations

from shared.kernel.actor import Role

R = Role
SEE_ALL_BELOW = frozenset({R.ASSESSOR, R.REGIONAL_OFFICER, R.MINISTRY_OFFICER, R.ISSUER, R.LOCAL_REVIEWER})
OVERSEERS = frozenset({R.AUDITOR, R.OPERATOR})
KEEPERS = frozenset({R.REGIONAL_OFFICER, R.MINISTRY_OFFICER, R.OPERATOR})
CONFIRMERS = frozenset({R.ASSESSOR, R.REGIONAL_OFFICER})
EVERYONE = frozenset(Role) - {R.SYSTEM}
