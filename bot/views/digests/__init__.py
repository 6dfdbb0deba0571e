"""A digest as people read it: one telling, and a module for each form."""
