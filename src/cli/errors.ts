/** The command line can't be understood. The message says what to write instead; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was asked for can't be done. The message is all that the user needs; the exit code is 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}
