/** The log holds bytes that it can't have written. Nothing is repaired by guessing. */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog'
  constructor(readonly file: string, readonly byte: number, readonly reason: string) {
    super(`${file} is damaged at byte ${byte}: ${reason}. Run \`stockstream verify\`, then restore the file from a backup.`)
  }
}

export class StoreLocked extends Error {
  override readonly name = 'StoreLocked'
  constructor(readonly directory: string, options?: ErrorOptions) {
    super(`Another process has the store ${directory} open. Stop it first, or give this one a folder of its own.`, options)
  }
}
