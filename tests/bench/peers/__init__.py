"""Other ways to get speed from the same samples. Each takes `Samples`, gives counts a second at every sample, and
uses no sample later than the one it answers for."""
