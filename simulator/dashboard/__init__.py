"""The pages of the dashboard: what a service or a receiver has, to be read in a browser."""
