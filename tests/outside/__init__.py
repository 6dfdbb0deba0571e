"""Checks with tools that nobody here wrote: a browser, other formats' own parsers."""
