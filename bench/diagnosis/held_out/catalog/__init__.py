"""A catalogue of books with readers' ratings."""
