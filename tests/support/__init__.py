"""What the tests share: a real PostgreSQL, a browser, a running server."""
