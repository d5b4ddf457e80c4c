"""wa-advisor: the serverless-architecture decision assistant for AWS design reviews."""

__version__ = "0.1.0"
