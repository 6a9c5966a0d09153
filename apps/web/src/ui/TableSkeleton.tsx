import { Skeleton, VisuallyHidden } from "@mantine/core"
import { useTranslation } from "react-i18next"
import classes from "./TableSkeleton.module.css"

/** Rows that are on the way, as high as the real ones, so that nothing jumps when they come. */
export function TableSkeleton({ rows = 8, height = 45 }: { rows?: number; height?: number }) {
  const { t } = useTranslation("app")
  return (
    <div>
      <VisuallyHidden role="status">{t("loading")}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <div key={row} className={classes.row} style={{ height }}>
          <Skeleton height={12} width={`${18 + ((row * 7) % 13)}%`} />
          <Skeleton height={12} width="9%" />
          <Skeleton height={12} width="12%" ml="auto" />
        </div>
      ))}
    </div>
  )
}
