/** How much one caller may ask for. All of it can be set; what is built in runs. */
export interface Limits {
  readonly query: QueryLimits
  readonly http: HttpLimits
  readonly socket: SocketLimits
  readonly caller: CallerLimits
}

/** Of one document, whatever way it comes in. */
export interface QueryLimits {
  readonly charactersMax: number
  readonly tokensMax: number
  /** Fields in fields, fragments unfolded. */
  readonly depthMax: number
  /** Fields of the answer, with each list as long as it may get. */
  readonly costMax: number
  /** Fields as they are written, in all operations and fragments. */
  readonly fieldsMax: number
  readonly rootFieldsMax: number
  readonly aliasesMax: number
  readonly directivesMax: number
  readonly fragmentsMax: number
}

export interface HttpLimits {
  readonly bodyBytesMax: number
  readonly headersMax: number
  readonly headersMsMax: number
  /** Until the whole request is there. */
  readonly requestMsMax: number
  /** Of a connection between two requests. */
  readonly idleMsMax: number
  /** That are worked on at a time by a server that has no time to lose. */
  readonly busyRequestsMax: number
}

export interface SocketLimits {
  readonly messageBytesMax: number
  readonly messageFragmentsMax: number
  /** Operations on one socket at a time. */
  readonly operationsMax: number
}

/** Of all that one caller has open, and asks a second. */
export interface CallerLimits {
  readonly connectionsMax: number
  readonly subscriptionsMax: number
  readonly requestsPerSecond: number
  readonly costPerSecond: number
  /** Requests that can't be executed: over a limit, no JSON, no document of this API. A large one counts as several. */
  readonly refusalsPerSecond: number
  /** Of whoever comes from one address: tokens that are not good, or missing. */
  readonly failedAuthenticationsPerSecond: number
}

export const DEFAULT_LIMITS: Limits = {
  query: {
    charactersMax: 262_144, tokensMax: 10_000, depthMax: 15, costMax: 50_000, fieldsMax: 1_000,
    rootFieldsMax: 50, aliasesMax: 100, directivesMax: 50, fragmentsMax: 100,
  },
  // Ten thousand movements with all that they may say.
  http: { bodyBytesMax: 8 * 1_048_576, headersMax: 100, headersMsMax: 10_000, requestMsMax: 60_000, idleMsMax: 65_000, busyRequestsMax: 64 },
  socket: { messageBytesMax: 1_048_576, messageFragmentsMax: 1_024, operationsMax: 1_000 },
  caller: { connectionsMax: 2_000, subscriptionsMax: 5_000, requestsPerSecond: 10_000, costPerSecond: 1_000_000, refusalsPerSecond: 10, failedAuthenticationsPerSecond: 10 },
}
