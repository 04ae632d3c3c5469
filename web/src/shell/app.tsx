import { useEffect, useRef } from 'preact/hooks'
import { isSignedOut, me } from '../api/session.ts'
import { AuditPage } from '../audit/audit-page.tsx'
import { words } from '../i18n/index.ts'
import { LevelPage } from '../level/level-page.tsx'
import { generation } from '../live/changes.ts'
import { OverviewPage } from '../overview/overview-page.tsx'
import { OneReservation } from '../reservations/one-reservation.tsx'
import { ReservationsPage } from '../reservations/reservations-page.tsx'
import { route } from '../router.ts'
import { StockPage } from '../stock/stock-page.tsx'
import { OneTransfer } from '../transfers/one-transfer.tsx'
import { TransfersPage } from '../transfers/transfers-page.tsx'
import { WebhooksPage } from '../webhooks/webhooks-page.tsx'
import { Header } from './header.tsx'
import { Notices } from './notices.tsx'
import { SignIn } from './sign-in.tsx'

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
      <main ref={main} tabIndex={-1} key={`${generation.value} ${path}`}>{content(route.value.path)}</main>
    </>
  )
}

function content(path: readonly string[]) {
  if (isSignedOut.value) return <SignIn />
  return me.value && <Page path={path} />
}

function Page({ path: [page, name, sku] }: { readonly path: readonly string[] }) {
  switch (page) {
    case 'stock': return name !== undefined && sku !== undefined ? <LevelPage sku={sku} location={name} /> : <StockPage />
    case 'reservations': return name === undefined ? <ReservationsPage /> : <OneReservation id={name} />
    case 'transfers': return name === undefined ? <TransfersPage /> : <OneTransfer id={name} />
    case 'webhooks': return <WebhooksPage />
    case 'audit': return <AuditPage />
    default: return <OverviewPage />
  }
}
