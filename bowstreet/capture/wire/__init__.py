"""The wire tap: what the browser and the site said to each other, byte for byte."""
