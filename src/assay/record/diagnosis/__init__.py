"""What collectors leave for the diagnosis, and what the diagnosis finds."""
