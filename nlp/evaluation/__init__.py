"""How good the maps are: metrics, and what they are measured on."""
