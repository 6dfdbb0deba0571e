"""The Discord client: thin cogs that read a request, check rights, call and answer."""
