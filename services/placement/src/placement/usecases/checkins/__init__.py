"""Asking for help, answering invitations, taking up, forgetting. Nothing outside of this package imports it."""
