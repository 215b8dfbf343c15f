"""Views of what asks for proof."""
