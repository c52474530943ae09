"""Pure rules: no Flask, no SQLAlchemy, no clock and no randomness of their own."""
