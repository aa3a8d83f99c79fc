"""`make growth`: the library's Parquet folders under DuckDB and Spark, published as sites do; see README.md.

needs.py      what must be installed besides
library.py    makes the library (runs in .venv/; all else runs in build/env-growth/)
questions.py  the questions, and when two answers are the same
engines.py    DuckDB and Spark
published.py  publishes the library as sites do (runs in .venv/)
paper.py      what 1,000 rigs cost
"""
