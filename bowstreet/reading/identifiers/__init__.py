"""Identifiers in text: one file per kind."""
