import { expect } from 'chai'
import { hasMariaDb, startMariaDb } from '../../services/mariadb.ts'
import { describeWith } from '../../services/required.ts'
import { openNode } from './fixture.ts'

describeWith('mariadb', hasMariaDb, 'a database that may lose commits', () => {
  it('is refused, with what to set', async () => {
    const server = await startMariaDb(['--sync-binlog=0', '--innodb-flush-log-at-trx-commit=2'])
    try {
      const refusal = await openNode(await server.database()).then(() => '', (error: unknown) => String(error))
      expect(refusal).to.include('NotDurable').and.include('innodb_flush_log_at_trx_commit=1').and.include('sync_binlog=1')
    } finally {
      await server.stop()
    }
  })
})
