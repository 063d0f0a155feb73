"""Bowstreet: research and evidence for online investigations."""

__version__ = "0.1.0"
