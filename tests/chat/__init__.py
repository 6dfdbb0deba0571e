"""The bot on the loopback Discord, scenario by scenario."""
