"""What a value may be: raw values to typed ones, and the words for what is wrong with them.

Knows no resource type's plan, no record and no database.
"""
