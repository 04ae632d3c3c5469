import { MOVEMENTS_MAX } from '../../application/commands/types.ts'
import { type Chunk, CHUNK_ROWS, isMovement } from './rows.ts'

/**
 * A batch that is refused row by row appends nothing and so is not remembered. It waits and goes into the store
 * again at the head of the next one, which then remembers its refusals too. This many chunks make one command at
 * the most.
 */
export const CHUNKS_TOGETHER_MAX = Math.floor(MOVEMENTS_MAX / CHUNK_ROWS)

/** `isDone`: exactly these chunks went into the store together in an earlier run. */
export interface Step { readonly chunks: readonly Chunk[]; readonly isDone: boolean }

/**
 * Looks ahead for what an earlier run has done, before anything is decided: what it refused as a whole stands in
 * front of something that it did, and must not be decided anew.
 */
export async function* planSteps(chunks: AsyncIterable<Chunk>, isDone: (chunk: Chunk) => Promise<boolean>): AsyncGenerator<Step> {
  let open: Chunk[] = []
  for await (const chunk of chunks) {
    open.push(chunk)
    if (open.length === 1 && !chunk.rows.some(isMovement)) {
      yield { chunks: open, isDone: false }
      open = []
    } else if (await isDone(chunk)) {
      yield { chunks: open, isDone: true }
      open = []
    } else if (open.length === CHUNKS_TOGETHER_MAX) {
      yield* open.map((one): Step => ({ chunks: [one], isDone: false }))
      open = []
    }
  }
  yield* open.map((one): Step => ({ chunks: [one], isDone: false }))
}
