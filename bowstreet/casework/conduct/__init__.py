"""How an operation's visits are conducted: whether robots.txt is obeyed, and how often one page is looked at."""
