"""A door: Flask. Applications are handed their parts by whoever opens them."""
