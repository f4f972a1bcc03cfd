"""`python -m prickle` is the command `prickle`."""

from prickle.cli.main import main

if __name__ == "__main__":
    main()
