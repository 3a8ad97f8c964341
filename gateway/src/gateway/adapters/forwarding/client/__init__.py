"""The HTTP/1.1 client of the forwarding path: kept connections on llhttp, nothing that the path does not need (0036)."""
