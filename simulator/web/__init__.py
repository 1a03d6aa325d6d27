"""Flask and the HTTP server. Applications get all their parts as arguments."""
