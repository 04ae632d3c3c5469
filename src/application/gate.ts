/** Work on a name goes on side by side, but for work that needs the name alone: it waits for what is on its way and holds up what comes. */
export class Gate {
  readonly #inside = new Map<string, number>()
  readonly #owned = new Map<string, Promise<void>>()
  readonly #emptied = new Map<string, () => void>()

  async share<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    for (let owner = this.#ownerOf(names); owner; owner = this.#ownerOf(names)) await owner
    for (const name of names) this.#inside.set(name, (this.#inside.get(name) ?? 0) + 1)
    try {
      return await work()
    } finally {
      for (const name of names) this.#leave(name)
    }
  }

  async own<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    for (let owner = this.#owned.get(name); owner; owner = this.#owned.get(name)) await owner
    let release = (): void => undefined
    this.#owned.set(name, new Promise((resolve) => { release = resolve }))
    try {
      if (this.#inside.has(name)) await new Promise<void>((emptied) => { this.#emptied.set(name, emptied) })
      return await work()
    } finally {
      this.#owned.delete(name)
      release()
    }
  }

  #ownerOf(names: readonly string[]): Promise<void> | undefined {
    for (const name of names) {
      const owner = this.#owned.get(name)
      if (owner) return owner
    }
    return undefined
  }

  #leave(name: string): void {
    const left = (this.#inside.get(name) ?? 0) - 1
    if (left > 0) {
      this.#inside.set(name, left)
      return
    }
    this.#inside.delete(name)
    this.#emptied.get(name)?.()
    this.#emptied.delete(name)
  }
}
