"""The only storey that knows HTTP: pages, the wall, the field app and the API."""
