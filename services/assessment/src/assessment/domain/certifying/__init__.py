"""Certificates, their numbers and credentials, and the waivers that come with them."""
