import type { Tally } from '../faults/tally.ts'

export interface Row { readonly name: string; readonly seconds: number; readonly tally: Tally; readonly skipped?: string | undefined }

export const HEAD = '| test | cycles | acknowledged | lost | doubled | refused | seconds |\n|---|---:|---:|---:|---:|---:|---:|\n'

export function line({ name, seconds, tally, skipped }: Row): string {
  if (skipped !== undefined) return `| ${name} | skipped: ${skipped} | | | | | |\n`
  const { cycles, acknowledged, lost, doubled, refused, violations } = tally
  const told = violations.length === 0 ? name : `${name} **broken**`
  return `| ${[told, cycles, acknowledged, lost, doubled, refused, seconds.toFixed(0)].join(' | ')} |\n`
}
