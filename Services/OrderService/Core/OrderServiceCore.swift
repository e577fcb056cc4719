// OrderServiceCore
