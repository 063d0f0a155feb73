"""What captures say, with proofs."""
