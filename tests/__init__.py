"""Tests of Crux."""
