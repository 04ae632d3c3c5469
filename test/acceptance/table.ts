/** What is checked, what came out, and what is wanted of it. */
export interface Table {
  /** `isMet` is left out where nothing is asked of the figure. */
  row(what: string, found: string | number, wanted?: string, isMet?: boolean): void
  /** Rows whose wish was not met. */
  readonly failures: readonly string[]
}

export function printedTable(): Table {
  const failures: string[] = []
  process.stdout.write('| check | found | wanted | |\n|---|---:|---|---|\n')
  return {
    failures,
    row(what, found, wanted = '', isMet = true) {
      if (!isMet) failures.push(what)
      process.stdout.write(`| ${what} | ${found} | ${wanted} | ${isMet ? '' : '**not met**'} |\n`)
    },
  }
}
