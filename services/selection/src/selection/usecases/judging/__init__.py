"""Waivers as recorded acts, facts that a unit attests, and what rests on them."""
