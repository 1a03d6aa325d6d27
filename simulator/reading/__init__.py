"""From files to scenarios and captured requests, with the place of every mistake."""
