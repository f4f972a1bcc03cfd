"""The emulated load balancer, and what is read of the machine behind it."""
