"""Files of strangers are parsed in a child process: what is asked of it, the process itself, and its caller."""
