import { computed } from '@preact/signals'
import { language } from './i18n/index.ts'

/** The reader's own locale where it is of the chosen language, so that an Irish reader gets Irish dates. */
export const locale = computed(() => {
  const prefix = language.value.slice(0, 2)
  return navigator.languages.find((tag) => tag.slice(0, 2) === prefix) ?? language.value
})

const numbers = computed(() => new Intl.NumberFormat(locale.value))
const signedNumbers = computed(() => new Intl.NumberFormat(locale.value, { signDisplay: 'exceptZero' }))
const rates = computed(() => new Intl.NumberFormat(locale.value, { maximumFractionDigits: 1 }))

export const number = (value: number): string => numbers.value.format(value)
/** With its sign, for what was added or taken. */
export const signed = (value: number): string => signedNumbers.value.format(value)
export const rateText = (value: number): string => rates.value.format(value)

const STYLES = {
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  full: { dateStyle: 'medium', timeStyle: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

const formats = computed(() => ({ of: locale.value, known: new Map<string, Intl.DateTimeFormat>() }))

/** A moment in a time zone; in the reader's own where none is given or it is not known here. */
export function moment(at: string | number, style: keyof typeof STYLES, timeZone?: string): string {
  const { of, known } = formats.value
  const key = `${style} ${timeZone ?? ''}`
  const format = known.get(key) ?? dateTimeFormat(of, STYLES[style], timeZone)
  known.set(key, format)
  return format.format(new Date(at))
}

function dateTimeFormat(tag: string, style: Intl.DateTimeFormatOptions, timeZone: string | undefined): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(tag, { ...style, ...(timeZone && { timeZone }) })
  } catch {
    return new Intl.DateTimeFormat(tag, style)
  }
}
