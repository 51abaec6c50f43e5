"""Path of the content that ships: the texts and tables that reviewers edit, and nothing else."""

from pathlib import Path

PACKAGED = Path(__file__).parent / "data"
