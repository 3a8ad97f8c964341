"""Long work of this service: which kinds of jobs there are, and what does their chunks."""
