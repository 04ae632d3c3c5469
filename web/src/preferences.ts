/** What a reader chose, kept in this browser where it lets us. */
export function recall(name: string): string | undefined {
  try {
    return window.localStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}

export function keep(name: string, value: string): void {
  try {
    window.localStorage.setItem(name, value)
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
}
