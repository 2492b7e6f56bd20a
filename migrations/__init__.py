"""`python -m migrations upgrade`: plain SQL files, forward only, each applied once.

Files are `versions/NNNN_name.sql`. A change first expands (new column, new table), then the code
moves, then a later file contracts; a file that was applied anywhere is never edited again.
"""
