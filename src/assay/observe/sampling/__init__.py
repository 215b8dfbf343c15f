"""Reading ``/proc`` many times a second at a known cost: threads, processes and the machine around them."""
