import { BrokenChain, CHAIN_START, type ChainedBatch, type ChainEnd, checkedEvents, type LogSource, type LogTarget } from './chain.ts'

export type OnProgress = (position: number, last: number) => void

export interface Checked extends ChainEnd { readonly headFound: boolean }

/** Walks a whole log: the chain, positions, versions, CRCs. Throws BrokenChain at the first fault. */
export async function checkLog(source: LogSource, { head, onProgress = () => undefined }: { readonly head?: string | undefined; readonly onProgress?: OnProgress } = {}): Promise<Checked> {
  const versions = new Map<string, number>()
  let end = CHAIN_START
  let headFound = head === end.sha256
  for await (const batches of source.batches(0)) {
    for (const batch of batches) {
      for (const { stream, version, position } of checkedEvents(batch, end)) {
        if (version !== (versions.get(stream) ?? 0) + 1) throw new BrokenChain(`${stream} goes on with version ${version} at event ${position}, not ${(versions.get(stream) ?? 0) + 1}.`)
        versions.set(stream, version)
      }
      end = batch
      headFound ||= head === end.sha256
    }
    onProgress(end.position, source.end.position)
  }
  if (end.sha256 !== source.end.sha256) throw new BrokenChain(`The log ends after event ${end.position}, not where it says that it does, after event ${source.end.position}.`)
  return { position: end.position, sha256: end.sha256, headFound }
}

/** Copies what the target lacks, each batch checked before it is written. Throws BrokenChain where it holds another log's beginning. */
export async function copyChain(source: LogSource, target: LogTarget, onProgress: OnProgress): Promise<void> {
  let end = CHAIN_START
  for await (const batches of source.batches(0)) {
    const missing: ChainedBatch[] = []
    for (const batch of batches) {
      checkedEvents(batch, end)
      end = batch
      if (batch.position === target.end.position && batch.sha256 !== target.end.sha256) throw other(batch)
      if (batch.position > target.end.position) missing.push(batch)
    }
    if (missing[0] && missing[0].previous !== target.end.sha256) throw other(missing[0])
    if (missing.length > 0) await target.write(missing)
    onProgress(end.position, source.end.position)
  }
  if (target.end.sha256 !== end.sha256) throw other(end)
  await target.finish()
}

const other = ({ position }: ChainEnd): BrokenChain => new BrokenChain(`The target holds another log than the source, up to event ${position} at the latest: name an empty one.`)
