import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEGABYTES = '64M'

/** A disk with a journaling file system in a file, mounted. Only root can make one. */
export class DiskImage {
  readonly directory: string
  private readonly image: string
  private readonly copy: string
  private isMounted = false

  private constructor(private readonly folder: string) {
    this.directory = join(folder, 'disk')
    this.image = join(folder, 'image')
    this.copy = join(folder, 'copy')
  }

  static make(): DiskImage {
    const disk = new DiskImage(mkdtempSync(join(tmpdir(), 'disk-image-')))
    mkdirSync(disk.directory)
    execFileSync('truncate', ['-s', MEGABYTES, disk.image])
    execFileSync('mkfs.ext4', ['-q', '-F', disk.image])
    disk.mount()
    return disk
  }

  /** What would be on the disk if the power went now: without what the system only holds in memory. */
  take(): void { copyFileSync(this.image, this.copy) }

  /** The disk is from now on what was taken, as after the power came back. Nobody may use it meanwhile. */
  goOnWithTaken(): void {
    execFileSync('umount', [this.directory])
    this.isMounted = false
    renameSync(this.copy, this.image)
    this.mount()
  }

  remove(): void {
    if (this.isMounted) execFileSync('umount', [this.directory])
    rmSync(this.folder, { recursive: true })
  }

  private mount(): void {
    execFileSync('mount', ['-o', 'loop', this.image, this.directory])
    this.isMounted = true
  }
}
