"""The commands of `crux`, one a module; `bot.cli` joins them. Heavy libraries load inside."""
