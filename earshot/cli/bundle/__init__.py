"""Model-ready outputs: what annotation teams and training take from a recording."""
