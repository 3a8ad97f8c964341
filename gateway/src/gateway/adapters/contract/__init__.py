"""One OpenAPI document out of those of the services, and the pages that show it."""
