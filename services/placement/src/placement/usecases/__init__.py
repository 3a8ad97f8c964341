"""What placement can be asked to do: one function per request, one transaction each."""
