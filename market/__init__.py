"""The practice market: two small marketplaces of our own on loopback, for the demo and the tests.

    with market.serve() as practice:
        practice.url, practice.second_url        # "http://127.0.0.1:41234/", "http://127.0.0.1:41235/"

All goods and people are invented. Some sellers trade on both sites under other names: `truth.json` says which.
"""

from market.server import Practice, serve

__all__ = ["Practice", "serve"]
