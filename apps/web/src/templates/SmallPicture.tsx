import type { Journey } from "@viaggio/journey-model"
import { edgeRoute } from "../editor/canvas/edge-route.ts"
import { cardBox } from "../editor/graph/card-boxes.ts"
import { edgeId } from "../editor/graph/graph-index.ts"
import { pictureBox } from "../editor/picture/JourneyPicture.tsx"
import { familyOf, iconOf } from "../node-types/registry.ts"

const iconSize = 44

/**
 * The shape of a journey, small: its steps in the colours of their families and how they are connected, without the
 * words, which nobody could read at this size. What it shows is said in words beside it.
 */
export function SmallPicture({ journey, className }: { journey: Journey; className?: string | undefined }) {
  const { x, y, width, height } = pictureBox(journey)
  return (
    <svg viewBox={`${x} ${y} ${width} ${height}`} className={className} aria-hidden>
      {journey.edges.map(edge => (
        <path
          key={edgeId(edge.from, edge.outcome)}
          d={edgeRoute(journey, edge)[0]}
          fill="none"
          stroke="var(--line-strong)"
          strokeWidth={4}
        />
      ))}
      {journey.nodes.map(({ id, type }) => {
        const box = cardBox(journey, id)
        const Icon = iconOf(type)
        const family = familyOf(type)
        return (
          <g key={id} transform={`translate(${box.x} ${box.y})`}>
            <rect
              width={box.width}
              height={box.height}
              rx={16}
              fill={`var(--family-${family}-soft)`}
              stroke={`var(--family-${family})`}
              strokeWidth={3}
            />
            <Icon
              x={(box.width - iconSize) / 2}
              y={(box.height - iconSize) / 2}
              width={iconSize}
              height={iconSize}
              stroke={1.8}
              color={`var(--family-${family})`}
            />
          </g>
        )
      })}
    </svg>
  )
}
