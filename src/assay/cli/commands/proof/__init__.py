"""Commands that ask for proof: did a change help, and was it expected?"""
