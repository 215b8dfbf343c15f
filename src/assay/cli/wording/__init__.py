"""The findings in the words of a language model: on request, from the findings alone, and only what they bear out."""
