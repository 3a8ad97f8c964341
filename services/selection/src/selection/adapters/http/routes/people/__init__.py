"""People, their rights, appeals."""
