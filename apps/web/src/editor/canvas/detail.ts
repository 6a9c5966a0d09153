/**
 * How much of the canvas is drawn. `near`: all. `far`: what cannot be read any more falls away, and colour, icon
 * and name grow. `distant`: no letter could be read, so colour is all.
 */
export type Detail = "near" | "far" | "distant"

const farZoom = 0.55
const distantZoom = 0.12

export const detailAt = (zoom: number): Detail =>
  zoom < distantZoom ? "distant" : zoom < farZoom ? "far" : "near"

// Below this number everything is cheap to keep in the page, and panning over a few cards stays free of pops.
const manyNodes = 60

/** Whether a journey is so large that cards outside of the view, and edges from far away, need a lighter drawing. */
export const isLarge = (nodes: number): boolean => nodes > manyNodes
