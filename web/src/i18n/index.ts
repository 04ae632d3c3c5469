import { computed, effect, signal } from '@preact/signals'
import { keep, recall } from '../preferences.ts'
import { en, type Words } from './en.ts'
import { es } from './es.ts'
import { ptBr } from './pt-br.ts'

const LANGUAGES: Readonly<Record<string, { readonly name: string; readonly words: Words }>> = {
  en: { name: 'English', words: en },
  es: { name: 'Español', words: es },
  'pt-BR': { name: 'Português (Brasil)', words: ptBr },
}

export const languages = Object.entries(LANGUAGES).map(([tag, { name }]) => ({ tag, name }))

const known = (tag: string | undefined): string | undefined => Object.keys(LANGUAGES).find((key) => key.slice(0, 2) === tag?.slice(0, 2))

export const language = signal(known(recall('language')) ?? navigator.languages.map(known).find(Boolean) ?? 'en')
export const words = computed<Words>(() => LANGUAGES[language.value]?.words ?? en)

export function watchLanguage(): void {
  effect(() => {
    document.documentElement.lang = language.value
    keep('language', language.value)
  })
}
