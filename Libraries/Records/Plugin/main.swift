print("protoc-gen-trading")
