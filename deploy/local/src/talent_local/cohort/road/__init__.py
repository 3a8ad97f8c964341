"""The road: who acts, the client that repeats safely, named steps with progress that survives, and waiting."""
