"""The family of Adobe Commerce: its 34 documented events, with their schemas as data.

It is written in Python, since its events have up to 140 members, of which each subscription gets
those that it asks for: as YAML that would be thousands of lines, and conditions at each of them.
"""
