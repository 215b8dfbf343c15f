"""A model that is run: its operators or its steps timed, judged against the machine, and sealed as a run."""
