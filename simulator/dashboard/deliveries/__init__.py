"""Deliveries: the list of them, and what one delivery holds, explained part by part.

The functions behind the parts take plain values and know no HTML.
"""
