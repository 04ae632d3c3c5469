/** What a Markdown document is made of, as far as tests look at it. */
export interface Blocks {
  readonly headings: readonly { readonly level: number; readonly text: string }[]
  /** Fenced blocks, with their language. */
  readonly code: readonly string[]
  /** Row by row, the head first; cells as they are written. */
  readonly tables: readonly (readonly (readonly string[])[])[]
  /** Where links and pictures lead to, in their order. */
  readonly links: readonly string[]
}

const FENCED = /^```.*\n[^]*?^```$/gm

export function blocksOf(markdown: string): Blocks {
  const text = markdown.replace(FENCED, '')
  return {
    headings: [...text.matchAll(/^(#+) +(.+)$/gm)].map(([, marks = '', title = '']) => ({ level: marks.length, text: title })),
    code: markdown.match(FENCED) ?? [],
    tables: (text.match(/(?:^\|.*\|$\n?)+/gm) ?? []).map(rowsOf),
    links: [...text.replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
  }
}

function rowsOf(table: string): readonly (readonly string[])[] {
  const rows = table.trim().split('\n').map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim()))
  return rows.filter((_, index) => index !== 1)
}

/** The anchors that GitHub gives to a document's headings. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  return new Set(blocksOf(markdown).headings.map(({ text }) => {
    const slug = text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    return times === 0 ? slug : `${slug}-${times}`
  }))
}
