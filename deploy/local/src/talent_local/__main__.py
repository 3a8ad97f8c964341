"""`python -m talent_local` is the command `talent`."""

from talent_local.cli import main

main()
