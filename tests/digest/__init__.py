"""The weekly digest on the loopback Discord, with a clock that tests move."""
