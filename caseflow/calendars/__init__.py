"""Where the working-day calendar comes from: the shipped notices, and the editions in the database."""
