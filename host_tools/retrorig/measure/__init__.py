"""From a set as it was measured (rigcore's RawSet) to samples and the quantities of the contract.

keys.py     the names of a set's quantities
motion.py   counts -> position, backward and forward apart
timebase.py reading times -> conversion times
smooth.py   the documented filter: local cubic fit
samples.py  everything at the same instants
metrics.py  one set's quantities
quality.py  how far to trust them
"""
