"""From the firmware's sources to what is copied to a board: only what it runs, as bytecode."""

from retrorig.firmware_build.build import DoesNotCompileError, built, compiled, digest, names, sources

__all__ = ["DoesNotCompileError", "built", "compiled", "digest", "names", "sources"]
