#!/usr/bin/env node
import { Command } from 'commander'
import { version } from '../version.ts'
import { backupCommand } from './backup.ts'
import { demoCommand } from './demo.ts'
import { exportCommand } from './export.ts'
import { runToExit } from './failure.ts'
import { importCommand } from './import.ts'
import { keysCommand } from './keys.ts'
import { migrateCommand } from './migrate.ts'
import { rebuildCommand } from './rebuild.ts'
import { serveCommand } from './serve.ts'
import { verifyCommand } from './verify.ts'

const COMMANDS = [serveCommand, demoCommand, importCommand, exportCommand, backupCommand, verifyCommand, migrateCommand, rebuildCommand, keysCommand]

await runToExit(async () => {
  const program = new Command('stockstream').description('An inventory server for retailers with many stores.').version(version).exitOverride()
  for (const make of COMMANDS) program.addCommand(make().exitOverride())
  await program.parseAsync()
})
