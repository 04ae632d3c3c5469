import { useEffect, useRef } from 'preact/hooks'
import { AuditPage } from '../audit/audit-page.tsx'
import { words } from '../i18n/index.ts'
import { LevelPage } from '../level/level-page.tsx'
import { generation } from '../live/changes.ts'
import { OverviewPage } from '../overview/overview-page.tsx'
import { ReservationsPage } from '../reservations/reservations-page.tsx'
import { route } from '../router.ts'
import { StockPage } from '../stock/stock-page.tsx'
import { TransfersPage } from '../transfers/transfers-page.tsx'
import { Header } from './header.tsx'
import { Notices } from './notices.tsx'

export function App() {
  const main = useRef<HTMLElement>(null)
  const path = route.value.path.join('/')
  const first = useRef(true)
  useEffect(() => {
    // Who follows a link goes on reading at the new page's beginning.
    if (!first.current) main.current?.focus({ preventScroll: true })
    first.current = false
    window.scrollTo(0, 0)
  }, [path])
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>{words.value.nav.skip}</button>
      <Header />
      <Notices />
      <main ref={main} tabIndex={-1} key={`${generation.value} ${path}`}><Page path={route.value.path} /></main>
    </>
  )
}

function Page({ path: [page, location, sku] }: { readonly path: readonly string[] }) {
  switch (page) {
    case 'stock': return location !== undefined && sku !== undefined ? <LevelPage sku={sku} location={location} /> : <StockPage />
    case 'reservations': return <ReservationsPage />
    case 'transfers': return <TransfersPage />
    case 'audit': return <AuditPage />
    default: return <OverviewPage />
  }
}
