print("bench-path")
