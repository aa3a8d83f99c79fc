"""Tests of `retrorig watch`: rigs that come, go, fill up and are looked at by others meanwhile."""
