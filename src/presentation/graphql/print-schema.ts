import 'reflect-metadata'
import { createSchema, printed } from './schema.ts'

process.stdout.write(printed(await createSchema()))
