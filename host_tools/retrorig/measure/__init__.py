"""Computes samples and the contract's quantities from a set's raw values (rigcore's RawSet).

motion.py   counts -> position, backward and forward apart
timebase.py reading times -> conversion times
kernels.py  a bank of smoothing splines
smooth.py   the documented filter: a mix of them that follows the evidence
speed.py    counts -> speed
pull.py     conversions -> force
peaks.py    how sure the peaks are
instants.py which instants these are
samples.py  everything at the same instants
metrics.py  one set's quantities
quality.py  how far to trust them
"""
