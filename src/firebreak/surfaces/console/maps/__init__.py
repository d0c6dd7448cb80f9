"""The map: buildings, how the running round stands in them, zones, sites, and the ground under them."""
