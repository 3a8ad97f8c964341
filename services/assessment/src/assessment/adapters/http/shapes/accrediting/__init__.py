"""How accreditations and talent cards are asked for and shown."""
