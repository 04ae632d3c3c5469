/** A promise broken on purpose, and the tests that must notice. */
export interface Sabotage {
  readonly name: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly text: string
  readonly instead: string
  readonly tests: readonly string[]
}

export const sabotages: readonly Sabotage[] = [
  {
    name: 'drops the sync', file: 'src/infrastructure/event-log/writer.ts',
    text: '    await file.fdatasync()\n', instead: '',
    tests: ['test/faults/power-cut.test.ts'],
  },
  {
    name: 'answers early', file: 'src/infrastructure/event-log/writer.ts',
    text: '    await file.write(this.place.offset, bytes)\n',
    instead: '    for (const entry of entries) entry.resolve()\n    await file.write(this.place.offset, bytes)\n',
    tests: ['test/faults/kills.test.ts'],
  },
  {
    name: 'skips the version check', file: 'src/infrastructure/event-log/speculation.ts',
    text: 'if (version !== expectedVersion)', instead: 'if (version < 0)',
    tests: ['test/faults/failing-disk.test.ts', 'test/contracts/event-store.test.ts'],
  },
  {
    name: 'applies a retry twice', file: 'src/application/execute.ts',
    text: 'if (!events || !first) return undefined', instead: 'if (!events || first) return undefined',
    tests: ['test/faults/kills.test.ts'],
  },
  {
    name: 'serves a stale cache', file: 'src/application/cached-read-model.ts',
    text: '  bus.subscribe((projected) => { take(answers, projected) })\n', instead: '  bus.subscribe(() => { void take })\n',
    tests: ['test/faults/kills.test.ts'],
  },
]

/** The file with the promise broken. Throws where it is no longer as it was, so that nothing is sabotaged by name alone. */
export function sabotaged({ name, file, text, instead }: Sabotage, source: string): string {
  const parts = source.split(text)
  if (parts.length !== 2) throw new Error(`«${text.trim()}» stands ${parts.length - 1} times in ${file}: tell how a build that ${name} is made now.`)
  return parts.join(instead)
}
