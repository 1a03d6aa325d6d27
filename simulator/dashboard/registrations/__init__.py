"""The page of registrations: the list, one of them with its history, and its forms."""
