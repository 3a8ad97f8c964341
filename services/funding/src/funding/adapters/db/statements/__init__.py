"""Statements as of any day, computed from postings and from what closed months moved."""
