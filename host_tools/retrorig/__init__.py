"""retrorig: the host side of the measuring computer for backward walking."""
