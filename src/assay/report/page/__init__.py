"""The HTML report's parts: elements that escape, pictures in SVG, sections, and the style sheet."""
