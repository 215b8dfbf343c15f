"""What the commands share that compare: sets of runs, the question, and how the answer is given."""
