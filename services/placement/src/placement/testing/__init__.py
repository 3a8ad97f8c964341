"""What placement's tests share."""
