"""One function a page: page(canvas, view)."""
