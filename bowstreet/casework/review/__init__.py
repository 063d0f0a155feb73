"""What officers decided about links."""
