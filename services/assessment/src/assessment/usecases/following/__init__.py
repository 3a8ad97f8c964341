"""What this service does when selection and placement say that something happened."""
