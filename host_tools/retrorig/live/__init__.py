"""Watching a rig while it is used: telemetry, a stream that survives unplugging, a screen in the terminal."""
