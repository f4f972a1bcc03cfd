"""What all load-test users share: the wire, the checks, the figures."""
