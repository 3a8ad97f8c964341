"""Asking for approval, signing, delegating."""
