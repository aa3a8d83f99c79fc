"""The virtual rig: the real firmware on a real interpreter against simulated parts."""
