"""Readers: one module a family of files. Each turns blocks of bytes into Batches and never loses a line in silence."""
