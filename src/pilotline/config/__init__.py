"""Settings, addresses, wiring of the desks' ports to gateways, and the `pilotline` command.

The only room that knows all the others; nothing imports it.
"""
