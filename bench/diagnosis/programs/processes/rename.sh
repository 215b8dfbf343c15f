#!/bin/bash
# Work out new names for many files.
count=0
for number in $(seq 1 1400); do
  name="photo_$number.JPG"
  base=$(basename "$name" .JPG)              # cause
  lower=$(echo "$base" | tr A-Z a-z)
  count=$((count + ${#lower}))
done
echo "$count"
