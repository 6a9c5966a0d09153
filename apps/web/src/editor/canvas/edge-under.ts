/**
 * The way out at a point of the screen, as `node.outcome`: a connection, or the "+" of a way out that is still open. A
 * wide invisible path makes the connection easy to hit.
 */
export function edgeUnder(x: number, y: number): string | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const way = element.closest<HTMLElement | SVGElement>("[data-edge], [data-open-edge]")
    if (way) return way.dataset.edge ?? way.dataset.openEdge
  }
  return undefined
}
