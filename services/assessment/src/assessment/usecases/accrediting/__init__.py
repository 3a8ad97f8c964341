"""What is done about accreditations and talent cards, one verb each."""
