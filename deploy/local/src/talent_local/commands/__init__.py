"""The sub-commands of `talent`, one module per subject."""
