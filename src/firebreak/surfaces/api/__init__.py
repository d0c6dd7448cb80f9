"""The programming entrance: sync from devices, figures, readiness."""
