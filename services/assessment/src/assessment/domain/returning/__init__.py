"""After the return: what people achieved, what became of them, and who stays in touch (D-06, C-04…C-07)."""
