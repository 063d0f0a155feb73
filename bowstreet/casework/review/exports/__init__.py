"""An operation's sellers and links in the formats of other people's tools.

One file per format. Each is a pure function of a `Dossier`, so that every format says the same.
"""
