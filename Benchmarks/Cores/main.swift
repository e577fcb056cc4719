print("bench-cores")
