import { effect, signal } from '@preact/signals'
import { keep, recall } from './preferences.ts'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const theme = signal<Theme>(THEMES.find((known) => known === recall('theme')) ?? 'auto')

/** Whether it is dark now, whoever chose it. */
const system = window.matchMedia('(prefers-color-scheme: dark)')
export const isDark = signal(false)

export function watchTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value
    isDark.value = theme.value === 'auto' ? system.matches : theme.value === 'dark'
    keep('theme', theme.value)
  })
  system.addEventListener('change', ({ matches }) => { if (theme.value === 'auto') isDark.value = matches })
}
