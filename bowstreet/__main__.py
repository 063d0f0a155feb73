"""`python -m bowstreet` is the command line."""

from bowstreet.cli import main

main()
