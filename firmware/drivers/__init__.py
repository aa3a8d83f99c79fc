"""Drivers: they are handed pins and buses, and return raw values."""
