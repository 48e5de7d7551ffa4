"""Fast tests: no network, no running service."""
