"""Runs test functions inside MicroPython: `micropython runner.py FIRMWARE FOLDER MODULE NAME...`"""

import sys

firmware, folder, module = sys.argv[1:4]
sys.path[:] = [firmware, folder]
loaded = __import__(module)
for name in sys.argv[4:]:
    getattr(loaded, name)()
print("passed")
