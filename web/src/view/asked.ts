import { useCallback, useEffect, useState } from 'preact/hooks'

export interface Asked<Data> {
  readonly data: Data | undefined
  readonly error: unknown
  /** Asks again; what is shown stays until the answer is there. */
  again(): void
}

/** An answer of the server, asked for when `key` changes. A late answer to an earlier question is dropped. */
export function useAsked<Data>(key: string, question: () => Promise<Data>): Asked<Data> {
  const [answer, setAnswer] = useState<{ key: string; data?: Data; error?: unknown }>({ key })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let isCurrent = true
    question().then(
      (data) => { if (isCurrent) setAnswer({ key, data }) },
      (error: unknown) => { if (isCurrent) setAnswer((before) => ({ ...(before.key === key ? before : { key }), error })) },
    )
    return () => { isCurrent = false }
  }, [key, turn])
  const again = useCallback(() => { setTurn((before) => before + 1) }, [])
  return { data: answer.key === key ? answer.data : undefined, error: answer.key === key ? answer.error : undefined, again }
}
