"""The terminal questionnaire: the only part that asks a person."""
