import type { Decider } from './decider.ts'
import { DomainError, invalidInput } from './errors.ts'
import type { LocationEvent, LocationKind } from './events.ts'
import { displayName, identifier } from './text.ts'

export interface LocationDetails {
  readonly code: string
  readonly name: string
  readonly kind: LocationKind
  readonly timeZone: string
}

export type Unknown = { readonly status: 'unknown' }
export type Open = { readonly status: 'open' } & LocationDetails
export type Closed = { readonly status: 'closed' } & LocationDetails
export type Location = Unknown | Open | Closed

/** What keeps a location from being closed: SKUs with stock, ids of open reservations and transfers. */
export interface LocationContents {
  readonly skus: readonly string[]
  readonly reservations: readonly string[]
  readonly transfers: readonly string[]
}

export type LocationCommand =
  | ({ readonly type: 'OpenLocation' } & LocationDetails)
  | { readonly type: 'UpdateLocation'; readonly changes: Partial<Omit<LocationDetails, 'code'>> }
  | { readonly type: 'CloseLocation'; readonly contents: LocationContents }

export const location: Decider<Location, LocationCommand, LocationEvent> = {
  initialState: { status: 'unknown' },
  decide,
  evolve,
}

/** The location where it is open. NOT_FOUND where there is none of this code, INVALID_STATE where it is closed. */
export function requireOpen(state: Location, code: string, field = 'location'): Open {
  if (state.status === 'open') return state
  if (state.status === 'closed') throw closed(state.code, field)
  throw new DomainError('NOT_FOUND', `There is no location ${code}: open it first.`, { location: code }, [field])
}

function decide(state: Location, command: LocationCommand): readonly LocationEvent[] {
  switch (command.type) {
    case 'OpenLocation': {
      const { code, name, kind, timeZone } = checkDetails(command)
      if (state.status !== 'unknown') throw new DomainError('ALREADY_EXISTS', `Location ${code} exists already.`, { code }, ['code'])
      return [{ type: 'LocationOpened', data: { code, name, kind, timeZone } }]
    }
    case 'UpdateLocation': {
      if (state.status === 'unknown') throw notFound()
      if (state.status === 'closed') throw closed(state.code, 'code')
      const changes = checkDetails(command.changes)
      const isNews = Object.entries(changes).some(([field, value]) => value !== state[field as keyof LocationDetails])
      return isNews ? [{ type: 'LocationUpdated', data: changes }] : []
    }
    case 'CloseLocation':
      if (state.status === 'unknown') throw notFound()
      if (state.status === 'closed') return []
      requireEmpty(command.contents)
      return [{ type: 'LocationClosed', data: {} }]
  }
}

function evolve(state: Location, event: LocationEvent): Location {
  switch (event.type) {
    case 'LocationOpened': return { status: 'open', ...event.data }
    case 'LocationUpdated': return state.status === 'unknown' ? state : { ...state, ...event.data }
    case 'LocationClosed': return state.status === 'unknown' ? state : { ...state, status: 'closed' }
  }
}

function requireEmpty(contents: LocationContents): void {
  const { skus, reservations, transfers } = contents
  if (skus.length + reservations.length + transfers.length === 0) return
  const held = [['stock of', skus], ['', reservations], ['', transfers]] as const
  const named = held.filter(([, names]) => names.length > 0).map(([what, names]) => `${what} ${someOf(names)}`.trim())
  throw new DomainError('INVALID_STATE', `The location still holds ${named.join('; ')}: end that first.`, { skus, reservations, transfers }, ['code'])
}

const NAMED_MAX = 3

/** Enough for a person to begin with; a program reads the details. */
const someOf = (names: readonly string[]): string =>
  names.length > NAMED_MAX ? `${names.slice(0, NAMED_MAX).join(', ')} and more` : names.join(', ')

const notFound = (): DomainError => new DomainError('NOT_FOUND', 'There is no location of this code: open it first.', {}, ['code'])

const closed = (code: string, field: string): DomainError =>
  new DomainError('INVALID_STATE', `Location ${code} is closed.`, { location: code, status: 'CLOSED' }, [field])

function checkDetails<Details extends Partial<LocationDetails>>(details: Details): Details {
  if (details.code !== undefined) identifier(details.code, 'code')
  if (details.name !== undefined) displayName(details.name)
  if (details.timeZone !== undefined) requireTimeZone(details.timeZone)
  return details
}

/** INVALID_INPUT where the name stands in no time zone database. */
export function requireTimeZone(name: string): string {
  if (isTimeZone(name)) return name
  throw invalidInput('timeZone', 'timeZone must be a name of the IANA time zone database, such as Europe/Lisbon.')
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
