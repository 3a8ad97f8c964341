"""What is due from whom: read from the states of the things themselves, so that it can never disagree with them."""
