"""Builds the files that are copied to a board from the firmware's sources: only what it runs, as bytecode."""

from retrorig.firmware_build.build import DoesNotCompileError, built, compiled, digest, names, sources

__all__ = ["DoesNotCompileError", "built", "compiled", "digest", "names", "sources"]
