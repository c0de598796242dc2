"""What is said about each file, and the forms in which it is written."""
