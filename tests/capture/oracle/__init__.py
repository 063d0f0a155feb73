"""A site that writes exact bytes in every way that HTTP knows, and keeps a record of each of them: the oracle."""
