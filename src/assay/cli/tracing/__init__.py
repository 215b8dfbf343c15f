"""What commands about traces share."""
