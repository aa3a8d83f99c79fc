"""From a set as it was measured (rigcore's RawSet) to samples and the quantities of the contract.

motion.py   counts -> position, backward and forward apart
timebase.py reading times -> conversion times
smooth.py   the documented filter: local cubic fit
samples.py  everything at the same instants
metrics.py  one set's quantities
quality.py  how far to trust them
"""
