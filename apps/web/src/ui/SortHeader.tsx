import { Table, UnstyledButton } from "@mantine/core"
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react"
import classes from "./SortHeader.module.css"

export type SortOrder = "asc" | "desc"

/** A column's head that sorts the table; the order is said to assistive software by `aria-sort`. */
export function SortHeader(props: {
  label: string
  order: SortOrder | undefined
  numeric?: boolean
  onSort: () => void
  width?: number
}) {
  const Arrow =
    props.order === undefined ? IconArrowsSort : props.order === "asc" ? IconArrowUp : IconArrowDown
  const spoken = props.order === undefined ? "none" : props.order === "asc" ? "ascending" : "descending"
  return (
    <Table.Th aria-sort={spoken} w={props.width}>
      <UnstyledButton
        className={classes.root}
        data-numeric={props.numeric ?? false}
        data-sorted={props.order !== undefined}
        onClick={props.onSort}
      >
        {props.label}
        <Arrow size={13} stroke={2} aria-hidden className={classes.arrow} />
      </UnstyledButton>
    </Table.Th>
  )
}
