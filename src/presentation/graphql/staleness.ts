/** What answers say of themselves where the store is away. */
export const STALE = 'True where the event store could not be asked and a cached answer is served instead.'
export const AGE = 'Of a stale answer: how long ago it was known to be right, in milliseconds. Null where it is not stale.'
