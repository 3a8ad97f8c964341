"""The published language: events between services as models, JSON Schemas and recorded samples."""
