import { Button, Group, NumberInput, Stack, Switch, Table, Textarea } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Outputs } from "../app/api.ts"
import { useIdentityName } from "../customers/identity-name.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import table from "../ui/table.module.css"
import { useWorkspaceChange } from "./workspace-change.ts"

type Incoming = Outputs["workspaces"]["get"]["incoming"]
type Kind = keyof Incoming["kinds"]

/** In the order of their strength: the first that names somebody decides. */
const kinds = ["user_id", "loyalty_card", "email", "phone", "anonymous_id"] as const satisfies readonly Kind[]
const mostOfAKind = 1_000

/** How each kind of identifier links people here, and which values name nobody. */
export function IdentityForm(saved: Pick<Incoming, "kinds" | "blocked">) {
  const { t } = useTranslation("settings")
  const nameOf = useIdentityName()
  const [rules, setRules] = useState(saved.kinds)
  const [blocked, setBlocked] = useState(saved.blocked.join("\n"))
  const update = useWorkspaceChange()
  const values = blocked
    .split("\n")
    .map(line => line.trim())
    .filter(line => line !== "")
  const isDirty =
    JSON.stringify(rules) !== JSON.stringify(saved.kinds) || values.join("\n") !== saved.blocked.join("\n")
  return (
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault()
        update.mutate({ identities: { kinds: rules, blocked: values } })
      }}
    >
      <Stack gap="lg">
        <Table.ScrollContainer type="native" minWidth={520} mx={-20}>
          <Table className={table.table} aria-label={t("identities.title")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("identities.kind")}</Table.Th>
                <Table.Th>{t("identities.joins")}</Table.Th>
                <Table.Th>{t("identities.most")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {kinds.map(kind => {
                const rule = rules[kind]
                const change = (part: Partial<typeof rule>) =>
                  setRules({ ...rules, [kind]: { ...rule, ...part } })
                return (
                  <Table.Tr key={kind}>
                    <Table.Td fw={560}>{nameOf(kind)}</Table.Td>
                    <Table.Td>
                      {kind === "user_id" ? (
                        <span className={table.faint}>{t("identities.decides")}</span>
                      ) : (
                        <Switch
                          aria-label={t("identities.joinsLabel", { kind: nameOf(kind) })}
                          checked={rule.joins}
                          onChange={event => change({ joins: event.currentTarget.checked })}
                        />
                      )}
                    </Table.Td>
                    <Table.Td>
                      <NumberInput
                        aria-label={t("identities.mostLabel", { kind: nameOf(kind) })}
                        w={110}
                        size="xs"
                        min={1}
                        max={mostOfAKind}
                        allowDecimal={false}
                        clampBehavior="strict"
                        value={rule.most}
                        onChange={value => typeof value === "number" && value >= 1 && change({ most: value })}
                      />
                    </Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Textarea
          label={t("identities.blocked")}
          description={t("identities.blockedText")}
          placeholder={t("identities.blockedExample")}
          autosize
          minRows={3}
          maxRows={10}
          maw={560}
          value={blocked}
          onChange={event => setBlocked(event.currentTarget.value)}
        />
        {update.error && <ErrorNote error={update.error} />}
        <Group>
          <Button type="submit" disabled={!isDirty} loading={update.isPending}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
