"""The edges of the gateway: database, events, forwarding, identity, merged contract, pages, routes."""
