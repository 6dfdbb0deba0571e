"""Tests of what talks to people and services."""
