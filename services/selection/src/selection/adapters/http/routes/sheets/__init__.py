"""Routes of sheets and of the jobs that read and write them."""
