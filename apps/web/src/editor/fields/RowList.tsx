import { ActionIcon, Button } from "@mantine/core"
import { IconPlus, IconTrash } from "@tabler/icons-react"
import type { ReactNode } from "react"
import classes from "./fields.module.css"

/** Rows without an order or a name of their own, with a button that adds one and one that takes each away. */
export function RowList<Row>(props: {
  rows: readonly Row[]
  onChange: (rows: Row[], field: string) => void
  create: () => Row
  addLabel: string
  removeLabel: (position: number) => string
  children: (row: Row, write: (row: Row, field: string) => void, index: number) => ReactNode
}) {
  const { rows, onChange } = props
  return (
    <>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own in the document
        <div key={index} className={classes.listRow}>
          <div className={classes.listFields}>
            {props.children(
              row,
              (next, field) =>
                onChange(
                  rows.map((each, other) => (other === index ? next : each)),
                  `${index}.${field}`,
                ),
              index,
            )}
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={props.removeLabel(index + 1)}
            onClick={() =>
              onChange(
                rows.filter((_, other) => other !== index),
                "remove",
              )
            }
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={12} aria-hidden />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => onChange([...rows, props.create()], "add")}
      >
        {props.addLabel}
      </Button>
    </>
  )
}
