#!/bin/bash
# Count words with one pipeline.
seq 1 9000000 | awk '{ total += length($1) } END { print total }'
