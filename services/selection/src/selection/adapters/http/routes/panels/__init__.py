"""Routes of panels and their deliberation."""
