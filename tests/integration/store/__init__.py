"""The store, over memory, SQLite and PostgreSQL."""
