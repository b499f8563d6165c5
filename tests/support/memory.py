"""A folder in memory: nothing in it outlives the run, so nothing there waits for the disk."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")


def in_memory(needed: int) -> Path | None:
    """Where files of `needed` bytes may be kept; None where the machine has no such place, or too little of it."""
    is_there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return MEMORY if is_there and shutil.disk_usage(MEMORY).free > needed else None
