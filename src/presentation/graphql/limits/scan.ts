import { Lexer, Source, TokenKind } from 'graphql'
import type { QueryLimits } from '../../limits.ts'
import { tooComplex } from './refusal.ts'

/** Brackets in brackets: what reads a document after this may call itself once a bracket. */
const NESTING_MAX = 100

/** Far more than the names of any schema, and short enough to be likened to all of them. */
const NAME_CHARACTERS_MAX = 256

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

/** Refuses a text that is too long, in tokens, in names or in brackets, before anything is made of it. Throws a syntax error where it is no GraphQL. */
export function scan(text: string, { charactersMax, tokensMax }: QueryLimits): void {
  if (text.length > charactersMax) throw tooComplex('characters', charactersMax)
  const lexer = new Lexer(new Source(text))
  let nesting = 0
  for (let tokens = 0; lexer.advance().kind !== TokenKind.EOF; tokens++) {
    if (tokens === tokensMax) throw tooComplex('tokens', tokensMax)
    const { kind, start, end } = lexer.token
    if (kind === TokenKind.NAME && end - start > NAME_CHARACTERS_MAX) throw tooComplex('characters in a name', NAME_CHARACTERS_MAX)
    if (OPENING.has(kind)) nesting++
    else if (CLOSING.has(kind)) nesting--
    if (nesting > NESTING_MAX) throw tooComplex('brackets in brackets', NESTING_MAX)
  }
}
