"""Watches: a page captured again by schedule, and what changed between two captures."""
