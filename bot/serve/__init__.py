"""Pages of stored maps on this machine: read only, behind links nobody can guess."""
