import type { Change } from '../../../src/application/changes.ts'

/** The next so many changes; then it is ended. */
export async function take<Found extends Change>(follower: AsyncIterableIterator<Found>, count: number): Promise<Found[]> {
  const seen: Found[] = []
  while (seen.length < count) {
    const next = await follower.next()
    if (next.done === true) throw new Error(`It ended after ${seen.length} changes.`)
    seen.push(next.value)
  }
  await follower.return?.()
  return seen
}
