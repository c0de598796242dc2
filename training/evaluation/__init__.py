"""What a bundle is worth on labelled segments: measures, tables and a page of one file."""
