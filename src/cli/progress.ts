import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  /** How much is done, and in words what. */
  update(done: number, status: string): void
  stop(): void
}

const LINE_EVERY_MS = 3_000
const BAR_FPS = 10

/** On standard error: a bar where somebody looks at it, a line now and then elsewhere. */
export function startProgress(title: string, total: number): Progress {
  return process.stderr.isTTY ? bar(title, total) : lines(title, total)
}

function bar(title: string, total: number): Progress {
  const shown = new SingleBar({ format: `${title} {bar} {percentage}% {status}`, hideCursor: true, clearOnComplete: true, fps: BAR_FPS }, Presets.shades_classic)
  shown.start(total, 0, { status: '' })
  return {
    update(done, status) { shown.update(Math.min(done, total), { status }) },
    stop() { shown.stop() },
  }
}

function lines(title: string, total: number): Progress {
  let next = Date.now() + LINE_EVERY_MS
  return {
    update(done, status) {
      if (Date.now() < next) return
      next = Date.now() + LINE_EVERY_MS
      process.stderr.write(`${title}: ${total === 0 ? 100 : Math.floor((100 * done) / total)} %, ${status}\n`)
    },
    stop: () => undefined,
  }
}
