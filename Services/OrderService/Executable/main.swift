print("OrderService")
