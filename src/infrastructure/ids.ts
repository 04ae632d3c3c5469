import { v7 } from 'uuid'
import type { Ids } from '../application/ports.ts'

export const uuidV7: Ids = { next: () => v7() }
