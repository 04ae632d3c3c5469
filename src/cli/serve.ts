import { Command } from 'commander'

export const serveCommand = (): Command => new Command('serve')
  .description('run the server; PORT, HOST, STORE_DIR and LOG_LEVEL set it up')
  .action(async () => {
    // Loaded only where it is needed: the other commands start in half the time.
    const { serve } = await import('./server.ts')
    await serve()
  })
