"""The person vault and what a person may ask for about themselves."""
