"""Commands about inferences, step by step."""
