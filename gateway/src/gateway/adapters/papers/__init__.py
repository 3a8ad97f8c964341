"""Certificate files that people upload: taken apart in a process of its own that can do no harm."""
