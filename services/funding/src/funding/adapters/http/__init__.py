"""Routes, shapes and the policy table of funding."""
