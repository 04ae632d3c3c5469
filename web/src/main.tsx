import { render } from 'preact'
import { knowReader } from './api/me.ts'
import { loadPlaces } from './api/places.ts'
import { watchStatus } from './api/status.ts'
import { watchLanguage } from './i18n/index.ts'
import { watchChanges } from './live/changes.ts'
import { watchRates } from './live/rates.ts'
import { App } from './shell/app.tsx'
import { watchTheme } from './theme.ts'
import { keepNoOldTrees } from './view/rendering.ts'
import './styles/index.css'

keepNoOldTrees()
watchTheme()
watchLanguage()
watchStatus()
void knowReader().then(() => {
  watchRates()
  watchChanges()
  void loadPlaces()
})

const place = document.getElementById('app')
if (place) render(<App />, place)
