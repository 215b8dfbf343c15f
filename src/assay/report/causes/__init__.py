"""The diagnosis in a report: the same findings, laid out for each kind of text."""
