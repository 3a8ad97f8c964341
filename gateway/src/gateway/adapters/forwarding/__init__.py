"""The forwarding path: one route table and a raw ASGI component on a keep-alive pool."""
