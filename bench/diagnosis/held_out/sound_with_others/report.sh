#!/usr/bin/env bash
# Sums of a table by its first column: the shell starts one program for all of it.
set -eu

rows=${1:-400000}

table() {
  local number=0
  while ((number < rows)); do
    printf '%s;%s\n' "k$((number % 13))" "$((number * 31 % 1000))"
    number=$((number + 1))
  done
}

sums() {
  awk -F ';' '{ total[$1] += $2 } END { for (key in total) print key, total[key] }'
}

table | sums | sort
