"""Where the content that ships lies: the texts and tables that reviewers edit, and nothing else."""

from pathlib import Path

PACKAGED = Path(__file__).parent / "data"
