"""The page of deliveries: the list, and everything about one of them."""
