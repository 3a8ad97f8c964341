"""Cases from the selection to the confirmation, and leaving."""
