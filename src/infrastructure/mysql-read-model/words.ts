/** Words as SQLite's own index of names has them, so that a search finds the same wherever the read model is. */

/** Of letters and digits, without marks and case; what is between them parts them. */
const wordsOf = (text: string): readonly string[] =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []

/** All words of a name, each with a space before and behind it. */
export const indexedWords = (name: string): string => ` ${wordsOf(name).join(' ')} `

/** What stands in those of a name that has the searched words one after the other, the last of them perhaps begun only. */
export const searchedPhrase = (text: string, isStart: boolean): string => ` ${wordsOf(text).join(' ')}${isStart ? '' : ' '}`
