"""Server-rendered pages that work without a script: verification, board, journey."""
