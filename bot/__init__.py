"""What touches a person or a service: the command line, readers, views."""
