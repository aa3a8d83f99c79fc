"""Finds the rig's serial port, and says what to do when there is none or it can't be used."""
