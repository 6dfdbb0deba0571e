"""Tests of parts that work together, with the real services."""
