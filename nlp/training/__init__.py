"""How each weight file was made: one command each, seeded."""
