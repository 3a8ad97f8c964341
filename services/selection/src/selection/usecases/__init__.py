"""What selection does when asked: one module and one function per request, each one transaction."""
