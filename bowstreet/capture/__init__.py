"""The only part that touches the network: permit, visit, browser, egress, frontier."""
