"""The page of the service's clock: what time it is, what is due next, and a day of retries."""
