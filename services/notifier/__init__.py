"""The notifier: predictions in, sound events into the database and onto the events stream."""
