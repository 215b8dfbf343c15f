#!/usr/bin/env bash
# Adds up invoices by customer, with the tools of a shell.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

make_invoices() {
  local number
  for ((number = 0; number < $1; number++)); do
    echo "invoice-$number;customer$((number % 7));$((number * 37 % 900));open"
  done
}

field() {
  echo "$1" | cut -d ';' -f "$2"
}

add_up() {
  declare -A totals
  local line customer amount
  while IFS= read -r line; do
    customer=$(field "$line" 2)  # cause
    amount=$(field "$line" 3)  # cause
    totals[$customer]=$((${totals[$customer]:-0} + amount))
  done
  for customer in "${!totals[@]}"; do
    echo "$customer ${totals[$customer]}"
  done
}

make_invoices "${1:-700}" > "$folder/invoices.txt"
add_up < "$folder/invoices.txt" | sort
