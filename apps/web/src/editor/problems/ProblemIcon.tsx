import { IconAlertTriangle, IconBulb, IconCircleX } from "@tabler/icons-react"
import type { Severity } from "@viaggio/journey-model"

const icons = { error: IconCircleX, warning: IconAlertTriangle, hint: IconBulb } satisfies {
  [S in Severity]: unknown
}

/** The picture of a severity; the word stands beside it or in the list's heading. */
export function ProblemIcon({ severity }: { severity: Severity }) {
  const Icon = icons[severity]
  return <Icon size={14} aria-hidden />
}
