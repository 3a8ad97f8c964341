"""Instalments, the days they are paid for, and the batches that go to the treasury."""
