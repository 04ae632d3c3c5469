/** @jsxImportSource react */
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createClient } from 'graphql-ws'
import { createRoot } from 'react-dom/client'
import { authorization } from './api/session.ts'
import 'graphiql/style.css'
import './explorer.css'

const wsClient = createClient({ url: new URL('/graphql', window.location.href.replace(/^http/, 'ws')).href, connectionParams: authorization })
const fetcher = createGraphiQLFetcher({ url: '/graphql', headers: authorization(), wsClient })

const FIRST_QUERY = `# What is where. Subscriptions work here, too:
#   subscription { stockChanged { stockLevel { product { name } quantities { onHand } } } }

{
  stockLevels(first: 10, orderBy: AVAILABLE) {
    totalCount
    nodes {
      product { sku name }
      location { code }
      quantities { onHand reserved available }
    }
  }
}
`

const place = document.getElementById('explorer')
if (place) createRoot(place).render(<GraphiQL fetcher={fetcher} defaultQuery={FIRST_QUERY} />)
