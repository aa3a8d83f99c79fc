"""Which serial port is the rig's, and what to do when none is or it can't be used."""
