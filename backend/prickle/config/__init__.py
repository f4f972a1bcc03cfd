"""Settings: read once, from the command line, the environment, a file and the defaults; typed and closed."""
