"""Measurements; each writes a JSON file with date and version under `results/`."""
