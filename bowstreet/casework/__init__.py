"""What is remembered, and who may do what."""
