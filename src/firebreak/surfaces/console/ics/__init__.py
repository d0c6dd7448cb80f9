"""The response on the papers of the Incident Command System, as it stands now, for printing."""
