"""``python -m studyhub`` is the command ``studyhub``."""

from studyhub.cli import main

if __name__ == "__main__":
    main()
