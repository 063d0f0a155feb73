"""Which accounts share a seller: the model as data, on DuckDB or Spark."""
