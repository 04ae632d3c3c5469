/** Loaded before a server: its clock jumps an hour ahead with SIGUSR2 and an hour back with SIGHUP, while timers run on. */
const HOUR_MS = 3_600_000

const real = Date.now.bind(Date)
let step = 0
Date.now = () => real() + step
process.on('SIGUSR2', () => { step += HOUR_MS })
process.on('SIGHUP', () => { step -= HOUR_MS })
