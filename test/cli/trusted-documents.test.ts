import { expect } from 'chai'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTrustedDocuments } from '../../src/cli/trusted-documents.ts'
import { ConfigError } from '../../src/config.ts'
import { sha256 } from '../../src/presentation/graphql/limits/trusted-documents.ts'

describe('the file or folder of trusted documents', () => {
  let folder: string
  before(async () => { folder = await mkdtemp(join(tmpdir(), 'stockstream-trusted-')) })
  after(() => rm(folder, { recursive: true }))

  const written = async (name: string, content: unknown): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const refusal = (path: string): Promise<unknown> => readTrustedDocuments(path).then(() => undefined, (error: unknown) => error)

  it('holds texts by their SHA-256', async () => {
    const [a, b] = ['{ a }', 'query B { b }'] as const
    expect(await readTrustedDocuments(await written('good.json', { [sha256(a)]: a, [`sha256:${sha256(b)}`]: b }))).to.deep.equal([a, b])
  })

  it('holds a text a file, in folders too', async () => {
    const documents = join(folder, 'documents')
    await mkdir(join(documents, 'deep'), { recursive: true })
    await writeFile(join(documents, 'a.graphql'), '{ a }')
    await writeFile(join(documents, 'deep/b.gql'), '{ b }')
    await writeFile(join(documents, 'README.md'), 'no document')
    expect(await readTrustedDocuments(documents)).to.have.members(['{ a }', '{ b }'])
  })

  it('stops the start where it can not be used, and says what to write instead', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    for (const path of [
      join(folder, 'nowhere.json'), empty, await written('empty.json', {}), await written('list.json', ['{ a }']), await written('text.json', 'x'),
      await written('hash.json', { abc: '{ a }' }), await written('type.json', { abc: 1 }), await written('syntax.json', { [sha256('{ a')]: '{ a' }),
    ]) {
      const error = await refusal(path)
      expect(error, path).to.be.instanceOf(ConfigError)
      expect((error as Error).message).to.include('name a folder of .graphql files')
    }
  })
})
