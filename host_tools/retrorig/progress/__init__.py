"""The questions a coach asks, answered from the library's rows and from the samples of a few sets.

README.md      formulae, sources and what each interval means
intervals.py   Student's distribution, straight lines, fits with groups left out
conditions.py  which sets may be compared, and on which day they were
change.py      the smallest change worth reporting
pace.py        a set's steady part: its speed, and how much of it was lost
totals.py, day.py, trend.py      how much was done
sides.py, fatigue.py, quality_history.py   left and right, tiring, poor sets
drag.py, spin_down.py, drag_days.py   what the rig itself costs
profile.py     load against velocity
plots.py       pictures of all of them
"""
