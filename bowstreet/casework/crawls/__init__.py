"""Crawls: many pages from a few seeds, under the operation's authority, each captured on its own."""
