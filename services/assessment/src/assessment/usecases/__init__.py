"""What can be asked of this service: one function per request, one transaction each."""
