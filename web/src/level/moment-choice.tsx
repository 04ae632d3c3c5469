import { words } from '../i18n/index.ts'
import { moment } from '../format.ts'
import { localTimeOf, momentOf } from './local-time.ts'
import type { Point } from './series.ts'

interface MomentChoiceProps {
  readonly points: readonly Point[]
  /** Milliseconds since 1970; undefined is now. */
  readonly chosen: number | undefined
  readonly timeZone: string
  readonly onChoose: (at: number | undefined) => void
}

/** A slider from change to change, and any moment at all for who knows it: in the time of the place. */
export function MomentChoice(props: MomentChoiceProps) {
  const { level: text } = words.value
  const { points, chosen, timeZone, onChoose } = props
  return (
    <div class="moment-choice">
      {points.length > 1 && <Slider {...props} />}
      <label>
        {text.anyMoment}
        <input
          type="datetime-local" step={1} value={chosen === undefined ? '' : localTimeOf(chosen, timeZone)}
          onChange={({ currentTarget }) => {
            const at = momentOf(currentTarget.value, timeZone)
            onChoose(at !== undefined && at < Date.now() ? at : undefined)
          }}
        />
      </label>
      <button type="button" disabled={chosen === undefined} onClick={() => { onChoose(undefined) }}>{text.toNow}</button>
    </div>
  )
}

/** At its right end it is now, and stays there while new changes come. */
function Slider({ points, chosen, timeZone, onChoose }: MomentChoiceProps) {
  const { level: text } = words.value
  const last = points.length - 1
  const index = chosen === undefined ? last : Math.max(0, points.findLastIndex(({ at }) => at <= chosen))
  return (
    <input
      type="range" class="slider" aria-label={text.asOf} min={0} max={last} step={1} value={index}
      aria-valuetext={chosen === undefined ? text.now : moment(chosen, 'short', timeZone)}
      onInput={({ currentTarget: { value } }) => { onChoose(Number(value) >= last ? undefined : points[Number(value)]?.at) }}
    />
  )
}
