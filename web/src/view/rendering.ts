import '@preact/signals'
import { Component } from 'preact'

/**
 * The signals' integration lets a component skip its work when its properties are the same. Preact then hands the old
 * tree's children to the new one, and so every old tree holds the next: a page that is open all day would grow for
 * ever. Without the skipping nothing old is kept, and what is drawn here is small.
 */
export function keepNoOldTrees(): void {
  delete Component.prototype.shouldComponentUpdate
}
