"""Recording a trace: rings that the working threads write to, and the file that they are drained into."""
