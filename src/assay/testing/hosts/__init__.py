"""Test runners that heed the decorators, one file each."""
