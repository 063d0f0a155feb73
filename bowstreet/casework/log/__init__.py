"""Who did what, when, to which record (DPA 2018 s.62)."""
