const repeated = (count: number, text: (n: number) => string): string => Array.from({ length: count }, (_, n) => text(n)).join(' ')
export const json = { 'content-type': 'application/json' }

/** A request that no client of good will would send. */
export interface Attack { readonly body?: string; readonly headers?: Record<string, string>; readonly search?: string; readonly method?: string }

export const query = (text: string, variables?: unknown): Attack => ({ body: JSON.stringify({ query: text, variables }), headers: json })

/** What is sent, with the status and code that it is answered with. */
export const ATTACKS: readonly (readonly [what: string, attack: Attack, status: number, code: string])[] = [
  ['10,000 aliases', query(`{ ${repeated(10_000, (n) => `a${n}: __typename`)} }`), 400, 'QUERY_TOO_COMPLEX'],
  ['1,000 aliases', query(`{ system { ${repeated(1_000, (n) => `a${n}: lag`)} } }`), 400, 'QUERY_TOO_COMPLEX'],
  ['5,000 directives', query(`{ __typename ${'@skip(if: false) '.repeat(5_000)} }`), 400, 'QUERY_TOO_COMPLEX'],
  ['3,000 times __typename', query(`{ ${'__typename '.repeat(3_000)} }`), 400, 'QUERY_TOO_COMPLEX'],
  ['10,000 fields in fields', query(`${'{a'.repeat(10_000)}${'}'.repeat(10_000)}`), 400, 'QUERY_TOO_COMPLEX'],
  ['a list in 10,000 lists', query(`{ products(search: ${'['.repeat(10_000)}${']'.repeat(10_000)}) { totalCount } }`), 400, 'QUERY_TOO_COMPLEX'],
  ['a comment of 2 MB', query(`#${'x'.repeat(2 * 1_048_576)}\n{ __typename }`), 400, 'QUERY_TOO_COMPLEX'],
  ['fragments in a circle', query('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'), 400, 'BAD_USER_INPUT'],
  ['the schema of the schema of the schema', query('{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }'), 400, 'BAD_USER_INPUT'],
  ['pages of pages of pages', query('{ products(first: 200) { nodes { stockLevels(first: 200) { nodes { history(first: 200) { nodes { id } } } } } } }'), 400, 'QUERY_TOO_COMPLEX'],
  ['an array of operations', { body: `[${Array(1_000).fill('{"query":"{ __typename }"}').join()}]`, headers: json }, 400, 'BAD_USER_INPUT'],
  ['a command by GET', { method: 'GET', search: `?query=${encodeURIComponent('mutation { closeLocation(input: { code: "LIS" }) { cursor } }')}`, headers: { 'apollo-require-preflight': '1' } }, 405, 'BAD_USER_INPUT'],
  ['JSON in UTF-7', { body: '{"query":"{ __typename }"}', headers: { 'content-type': 'application/json; charset=utf-7' } }, 415, 'BAD_USER_INPUT'],
  ['a form of another site', { body: '{"query":"{ __typename }"}', headers: { 'content-type': 'text/plain' } }, 400, 'BAD_USER_INPUT'],
  ['a body of 9 MB', { body: JSON.stringify({ query: 'x'.repeat(9_000_000) }), headers: json }, 413, 'BAD_USER_INPUT'],
  ['JSON a million brackets deep', { body: `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, headers: json }, 400, 'BAD_USER_INPUT'],
  ['a name of 200 KB', query(`{ ${'x'.repeat(200_000)} }`), 400, 'QUERY_TOO_COMPLEX'],
  ['an enum value of 200 KB', query('query ($by: StockOrder) { stockLevels(orderBy: $by) { totalCount } }', { by: 'x'.repeat(200_000) }), 400, 'BAD_USER_INPUT'],
]
