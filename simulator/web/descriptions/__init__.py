"""OpenAPI descriptions, one file a resource; `openapi.py` merges them when they are asked for."""
