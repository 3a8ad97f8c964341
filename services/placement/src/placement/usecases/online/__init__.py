"""What is done about online courses, one verb each (D-07)."""
