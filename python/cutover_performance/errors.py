"""What can be wrong with a log, as exit statuses that the caller turns into its own errors."""


class LogError(Exception):
    """A log that can't be analysed; `status` is the exit status of the program."""

    status = 1


class UnreadableLog(LogError):
    status = 3


class UnrecognisedLog(LogError):
    status = 4


class UnknownZone(LogError):
    status = 5
