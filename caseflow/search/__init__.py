"""Finding words in cases: texts become grams, grams an index that both databases keep, a question a query of it."""
