"""Tests against a running service; ``SHOP_URL`` holds its address."""
