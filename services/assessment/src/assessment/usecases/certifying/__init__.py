"""Certificates, their public verification, and the waivers that come with them."""
