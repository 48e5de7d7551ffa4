"""A small shop: a catalogue, baskets with price rules, and orders, served over HTTP."""

__version__ = "1.2.0"
