"""Models of the parts, one a file."""
