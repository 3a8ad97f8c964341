"""Appeals against decisions."""
