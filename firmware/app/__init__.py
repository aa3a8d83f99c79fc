"""The rig's application: interrupt callbacks, main loop, commands, screen."""
