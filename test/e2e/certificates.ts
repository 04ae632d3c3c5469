import { execFile, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Certificate } from '../application/webhooks/receiver.ts'

export const hasOpenssl = (): boolean => spawnSync('openssl', ['version']).status === 0

export interface Authority {
  /** Where its own certificate is, as PEM. */
  readonly file: string
  /** A certificate for those names, such as `IP:127.0.0.1`. */
  issue(names: string): Promise<Certificate>
}

/** Somebody who signs certificates and whom nobody knows yet, with their files in a folder. */
export async function createAuthority(folder: string, name: string): Promise<Authority> {
  const path = (file: string): string => join(folder, `${name}-${file}`)
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', args)
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const [file, key] = [path('ca.pem'), path('ca.key')]
  await openssl('req', '-x509', ...newKey, '-keyout', key, '-out', file, '-days', '1', '-subj', `/CN=${name}`)
  let issued = 0
  return {
    file,
    async issue(names) {
      const number = issued++
      const of = (file: string): string => path(`${number}-${file}`)
      await writeFile(of('names'), `subjectAltName=${names}`)
      await openssl('req', ...newKey, '-keyout', of('key'), '-out', of('csr'), '-subj', '/CN=endpoint')
      await openssl('x509', '-req', '-in', of('csr'), '-CA', file, '-CAkey', key, '-CAcreateserial', '-out', of('pem'), '-days', '1', '-extfile', of('names'))
      return { key: await readFile(of('key'), 'utf8'), cert: await readFile(of('pem'), 'utf8') }
    },
  }
}
