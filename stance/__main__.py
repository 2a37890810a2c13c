"""Run the command line as ``python -m stance``."""

from stance.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
