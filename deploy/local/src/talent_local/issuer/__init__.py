"""A small OpenID provider for one machine: seeded people and clients, no passwords, loopback only.

It refuses to start unless TALENT_DEVELOPMENT=1 is set. With a real provider only the gateway's settings change.
"""
