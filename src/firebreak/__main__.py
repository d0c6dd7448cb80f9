"""`python -m firebreak …` runs the same command as `firebreak …`."""

from firebreak.cli import main

if __name__ == "__main__":
    main()
