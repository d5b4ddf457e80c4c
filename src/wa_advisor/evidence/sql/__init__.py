"""The definition of the classes, applied to one statement at a time: definitions of tables in, class and its why out.

`schema` knows the keys, `prepare` and `parse` make a tree of a text, `references` count the tables, `binding` finds which
columns are bound, `kinds` and `relations` name what is done, `classify` decides. Only this package imports sqlglot.
"""
