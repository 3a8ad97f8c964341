"""What makes certificates: signing keys, sealing, and the names that selection keeps."""
