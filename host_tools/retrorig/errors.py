"""The errors that reach a user. Each message is one sentence that says what to do.

RetrorigError                 exit status 1
├── InputError                2  a file, option or name that the user gave is wrong
│   ├── DiskFullError            a disk has no room for what was to be written
│   ├── NameTakenError           a set has the name of another one
│   └── MissingPackageError      a package that not everyone needs is not installed
├── NoRigError                3  no rig at that port, or no port
├── LinkLostError             3  the rig stopped answering
├── RigRefusedError           4  the rig answered that it will not, or that it has a fault
└── FaultFoundError           4  doctor or selftest found a fault
"""

from __future__ import annotations

import errno

DISK_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
"""Numbers by which a system says that a disk, or a user's share of it, has no room."""


class RetrorigError(Exception):
    """Base of every expected error; `exit_code` is the process exit status of the command line."""

    exit_code = 1


class InputError(RetrorigError):
    """What the user gave can't be used: a bad file, option, set name or rig description."""

    exit_code = 2


class DiskFullError(InputError):
    """A disk has no room for what was to be written; nothing of it was."""


class NameTakenError(InputError):
    """Another set of the same name is in the library: two rigs of one id, or numbers that were given twice."""


class MissingPackageError(InputError):
    """What was asked needs a package that is not installed; the message is the command that brings it."""


class NoRigError(RetrorigError):
    """No rig could be opened."""

    exit_code = 3


class LinkLostError(RetrorigError):
    """A rig was there and stopped answering."""

    exit_code = 3


class RigRefusedError(RetrorigError):
    """The rig answered with an error; `code` is its short machine-readable name."""

    exit_code = 4

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message)
        self.code = code


class FaultFoundError(RetrorigError):
    """What was examined has a fault; nothing was refused."""

    exit_code = 4
