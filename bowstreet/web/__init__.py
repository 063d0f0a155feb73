"""Settings, addresses, middleware, base pages and static files."""
