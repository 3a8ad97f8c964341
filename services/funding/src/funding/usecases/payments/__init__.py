"""From due to paid, and back."""
