import { Skeleton } from "@mantine/core"
import { Page } from "./Page.tsx"
import { Panel } from "./Panel.tsx"
import { TableSkeleton } from "./TableSkeleton.tsx"

/** The shape of a page while its code or its data is on the way. */
export function PageSkeleton() {
  return (
    <Page>
      <Skeleton height={28} width={220} mb={10} />
      <Skeleton height={14} width={340} mb={28} />
      <Panel flush>
        <TableSkeleton rows={7} height={57} />
      </Panel>
    </Page>
  )
}
