import { useState } from 'preact/hooks'
import type { Level } from '../api/types.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { href } from '../router.ts'
import { Badges } from '../view/badges.tsx'
import { EventTable } from '../view/event-table.tsx'
import { Failure } from '../view/failure.tsx'
import { type RecentEvents, useRecentEvents } from '../view/recent-events.ts'
import { Title } from '../view/title.tsx'
import { CommandPanel } from './command-panel.tsx'
import { OfLevel } from './of-level.tsx'
import { Policy } from './policy.tsx'
import { ThroughTime } from './through-time.tsx'
import { useLevel } from './use-level.ts'

export function LevelPage({ sku, location }: { readonly sku: string; readonly location: string }) {
  const history = useRecentEvents({ skus: [sku], locations: [location] })
  const { level, error, again, see } = useLevel(sku, location, (changes) => { history.add(changes.map(({ event }) => event).reverse()) })
  const { level: text } = words.value
  if (error !== undefined && !level) return <Failure error={error} onRetry={again} />
  return (
    <div class="level-page">
      <p class="back"><a href={href(['stock'])}>← {text.back}</a></p>
      {level === null && <p class="panel none">{text.missing(sku, location)}</p>}
      {level && <Sheet level={level} history={history} onNewer={see} onConflict={again} />}
    </div>
  )
}

interface SheetProps { readonly level: Level; readonly history: RecentEvents; readonly onNewer: (level: Level) => void; readonly onConflict: () => void }

function Sheet({ level, history, onNewer, onConflict }: SheetProps) {
  const { level: text, audit } = words.value
  const [predicted, setPredicted] = useState<Level>()
  const { product, location } = level
  return (
    <>
      <Title text={product.name}><Badges level={level} /></Title>
      <p class="subtitle">{product.sku} · {location.name} · {text.version(number(level.version))}</p>
      <div class="sheet">
        <ThroughTime level={predicted ?? level} isPredicted={predicted !== undefined} history={history} />
        <div class="side">
          <CommandPanel level={level} onPredicted={setPredicted} onNewer={onNewer} onConflict={onConflict} />
          <OfLevel level={level} />
          <Policy level={predicted ?? level} />
        </div>
        <section class="panel history" aria-labelledby="history">
          <h2 id="history">{text.history}</h2>
          <p class="hint">{text.localTime(location.timeZone)}</p>
          {history.error !== undefined && <Failure error={history.error} onRetry={history.older} />}
          <div class="wide" tabIndex={0} role="region" aria-labelledby="history">
            <EventTable events={history.events} label={text.history} hasPlaces={false} timeZone={location.timeZone} />
          </div>
          {history.hasOlder && <p class="more"><button type="button" disabled={history.isLoading} onClick={history.older}>{audit.older}</button></p>}
        </section>
      </div>
    </>
  )
}
