"""Long work with progress: a job's table and files, the duty that runs chunks, the routes' shapes."""
