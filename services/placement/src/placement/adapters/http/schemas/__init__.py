"""What the routes of placement take and give."""
