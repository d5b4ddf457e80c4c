"""The pages of the interview, one module a kind: what a place shows, and what becomes of a reply."""
