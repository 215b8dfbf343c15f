"""How facts are put into words for people: numbers with their units, and text of strangers made harmless."""
