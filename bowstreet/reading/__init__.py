"""Bytes to facts: pure functions, Arrow in and Arrow out."""
