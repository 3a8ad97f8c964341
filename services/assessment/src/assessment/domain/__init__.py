"""What an assessment, a certificate and a waiver are and may become; no web, database, broker, clock or random source."""
