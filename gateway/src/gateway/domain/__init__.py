"""What the gateway knows by itself: how events fold into a person's journey. No web, database or broker."""
