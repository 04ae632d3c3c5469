import { existsSync } from 'node:fs'
import type { Logger } from '../../application/ports.ts'
import { logFolder } from '../event-log/segment.ts'
import { BrokenChain, type LogSource, type LogTarget } from './chain.ts'

const pathOf = (url: string): string | undefined => (url.startsWith('file:') ? url.slice('file:'.length) : undefined)

/** `file:FOLDER`, or `mysql://…`: the driver is loaded only for that. */
export async function openSource(url: string, logger: Logger): Promise<LogSource> {
  const path = pathOf(url)
  if (path === undefined) return (await import('./mysql.ts')).mysqlSource(url, logger)
  if (!existsSync(logFolder(path))) throw new BrokenChain(`There is no store in ${path}.`)
  return (await import('./files.ts')).fileSource(path, logger)
}

/** To take the log of this id. */
export async function openTarget(url: string, id: string, logger: Logger): Promise<LogTarget> {
  const path = pathOf(url)
  return path === undefined ? (await import('./mysql.ts')).mysqlTarget(url, id, logger) : (await import('./files.ts')).fileTarget(path, id, logger)
}
