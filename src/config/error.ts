/** A setting that can't be used. The message says what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
