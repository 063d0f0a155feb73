"""Requests for captures, their state, and the captures."""
