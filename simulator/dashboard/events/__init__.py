"""The Events page: the catalogue of families, examples with options, and the slider.

Each page is data first, which its HTML and its JSON twin share; ``file`` writes all as one file.
"""
