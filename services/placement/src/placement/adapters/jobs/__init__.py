"""Long work of placement: one step per kind of job."""
