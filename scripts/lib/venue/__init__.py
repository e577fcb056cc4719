"""What the scripts of this repository share: stores, processes, the operator API. Python's standard library only."""
