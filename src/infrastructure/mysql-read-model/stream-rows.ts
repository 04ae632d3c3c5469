import type { Kysely } from 'kysely'
import { reservationView, transferView } from '../read-model/promises-rows.ts'
import { locationView, productView, stockLevelView } from '../read-model/rows.ts'
import type { Tables } from '../read-model/schema.ts'
import { webhookView } from '../read-model/webhooks.ts'
import { parseStream } from '../../domain/streams.ts'

/** The row that a projection has made of a stream so far. */
export type StreamRow = (projection: string, stream: string) => Promise<object | undefined>

export function createStreamRows(db: Kysely<Tables>): StreamRow {
  return async (projection, stream) => {
    const [first = '', second = ''] = parseStream(stream).parts
    switch (projection) {
      case 'products': return viewed(await db.selectFrom('products').selectAll().where('sku', '=', first).execute(), productView)
      case 'locations': return viewed(await db.selectFrom('locations').selectAll().where('code', '=', first).execute(), locationView)
      case 'stock_levels': return viewed(await db.selectFrom('stock_levels').selectAll().where('sku', '=', first).where('location', '=', second).execute(), stockLevelView)
      case 'reservations': return viewed(await db.selectFrom('reservations').selectAll().where('id', '=', first).execute(), reservationView)
      case 'transfers': return viewed(await db.selectFrom('transfers').selectAll().where('id', '=', first).execute(), transferView)
      case 'webhooks': return viewed(await db.selectFrom('webhooks').selectAll().where('id', '=', first).execute(), webhookView)
      default: throw new Error(`There is no table for the projection ${projection}.`)
    }
  }
}

const viewed = <Row, View>([row]: readonly Row[], toView: (row: Row) => View): View | undefined => row && toView(row)
