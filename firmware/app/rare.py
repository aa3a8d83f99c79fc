"""Modules that are seldom needed are loaded for the moment and forgotten: the board's memory is small."""

import sys


def borrow(package, name):
    """The module `package`.`name`; it goes when its user lets go of it."""
    module = __import__("%s.%s" % (package, name), None, None, (name,))
    del sys.modules["%s.%s" % (package, name)]
    delattr(sys.modules[package], name)
    return module
