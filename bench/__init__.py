"""How fast flowsim is, as ratios within one run: ``python -m bench`` prints a table.

Nothing here asserts: figures depend on the machine, ratios less so. What is compared is
measured in turns (A B A B …), and of each the median is taken.
"""
