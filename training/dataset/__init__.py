"""Labelled recordings to a dataset as AudioSet's: TFRecords of codes, and the list of classes."""
