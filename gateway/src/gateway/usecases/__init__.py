"""What the gateway does with an event: keep it for the feed and fold it into the journey."""
