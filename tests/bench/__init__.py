"""`python -m tests.bench`: how good the measuring is, against peers; every row in one go."""
