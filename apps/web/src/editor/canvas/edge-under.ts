/** The id of the edge at a point of the screen, if there is one; a wide invisible path makes it easy to hit. */
export function edgeUnder(x: number, y: number): string | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const edge = element.closest<SVGGElement>("[data-edge]")
    if (edge) return edge.dataset.edge
  }
  return undefined
}
