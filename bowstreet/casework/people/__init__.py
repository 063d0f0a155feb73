"""Officers."""
