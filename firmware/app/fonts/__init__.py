"""Faces for the display."""
