import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { precompress } from './precompress.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export default defineConfig({
  root: path('.'),
  plugins: [precompress()],
  build: {
    outDir: path('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    // Everything stays a file of its own name: the pages' policy allows no data: URLs for scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      input: { dashboard: path('index.html'), explorer: path('graphiql.html') },
      // React's libraries mark files with "use client", which means nothing here.
      onLog(level, log, report) { if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log) },
    },
  },
})
