"""`make growth`: the library's Parquet folders under DuckDB and Spark, its catalogue in PostgreSQL; see README.md.

needs.py      what must be installed besides
library.py    makes the library (runs in .venv/; all else runs in build/env-growth/)
questions.py  three questions, and when two answers are the same
engines.py    DuckDB and Spark
server.py     a private PostgreSQL and the way into it
paper.py      what 1,000 rigs cost
"""
