"""Assessment: from evidence to a certificate that anyone can check."""
