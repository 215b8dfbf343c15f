"""What readers of other tools' files share: bounded documents, events put together, nesting, and names of modules."""
