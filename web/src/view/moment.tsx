import { moment } from '../format.ts'

/** A time as it is at the place, with all of it on hovering. */
export function Moment({ at, style = 'short', timeZone }: { readonly at: string; readonly style?: 'time' | 'short'; readonly timeZone?: string | undefined }) {
  return <time dateTime={at} title={moment(at, 'full', timeZone)}>{moment(at, style, timeZone)}</time>
}
