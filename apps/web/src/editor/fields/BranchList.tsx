import { ActionIcon, Button, Group, TextInput } from "@mantine/core"
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react"
import { nextBranchId } from "@viaggio/journey-model"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import classes from "./fields.module.css"

type Branch = { id: string; name?: string | undefined }

/** Ordered branches: each is an outcome of its node, tried from the top. */
export function BranchList<B extends Branch>(props: {
  branches: readonly B[]
  onChange: (branches: B[], field: string) => void
  create: (id: string) => B
  addLabel: string
  problemAt: (at: string) => string | undefined
  children: (branch: B, write: (branch: B, field: string) => void, at: string) => ReactNode
}) {
  const { t } = useTranslation("editor")
  const { branches, onChange } = props
  const move = (from: number, to: number) => {
    const next = [...branches]
    const [branch] = next.splice(from, 1)
    if (!branch) return
    next.splice(to, 0, branch)
    onChange(next, "order")
  }
  return (
    <>
      {branches.map((branch, index) => {
        const at = `/branches/${index}`
        const position = index + 1
        const write = (next: B, field: string) =>
          onChange(
            branches.map((each, other) => (other === index ? next : each)),
            `${branch.id}.${field}`,
          )
        const { name: _name, ...unnamed } = branch
        return (
          <div key={branch.id} className={classes.branch} data-at={at}>
            <Group gap={4} wrap="nowrap" align="flex-end">
              <TextInput
                size="xs"
                flex={1}
                label={t("branches.name", { position })}
                value={branch.name ?? ""}
                placeholder={branch.id}
                data-at={`${at}/id`}
                data-minor
                error={props.problemAt(`${at}/id`)}
                onChange={event => {
                  const name = event.currentTarget.value
                  write((name === "" ? unnamed : { ...branch, name }) as B, "name")
                }}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={index === 0}
                aria-label={t("branches.up", { position })}
                onClick={() => move(index, index - 1)}
              >
                <IconArrowUp size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={index === branches.length - 1}
                aria-label={t("branches.down", { position })}
                onClick={() => move(index, index + 1)}
              >
                <IconArrowDown size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("branches.remove", { position })}
                onClick={() =>
                  onChange(
                    branches.filter((_, other) => other !== index),
                    "remove",
                  )
                }
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            </Group>
            {props.children(branch, write, at)}
          </div>
        )
      })}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={12} aria-hidden />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => onChange([...branches, props.create(nextBranchId(branches))], "add")}
      >
        {props.addLabel}
      </Button>
    </>
  )
}
