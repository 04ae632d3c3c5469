/** Services that must be there, with commas between them, as REQUIRED_SERVICES names them: without one its tests fail. */
const required = (process.env.REQUIRED_SERVICES ?? '').split(',')

/** Tests that need a service: where it is not installed they say so, or fail where it is required. */
export function describeWith(service: string, isThere: () => boolean, title: string, tests: (this: Mocha.Suite) => void): void {
  if (isThere()) {
    describe(title, tests)
    return
  }
  describe(title, () => {
    it(`is not run: ${service} is not installed`, function () {
      if (required.includes(service)) throw new Error(`${service} is required here.`)
      this.skip()
    })
  })
}
