"""Maps as people see them: one form a module."""
