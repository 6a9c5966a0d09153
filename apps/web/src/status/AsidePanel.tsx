import { Button, Group, Table, VisuallyHidden } from "@mantine/core"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { type Outputs, useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { Instant } from "../ui/Instant.tsx"
import { TextLink } from "../ui/links.tsx"
import { Panel } from "../ui/Panel.tsx"
import table from "../ui/table.module.css"
import classes from "./panels.module.css"
import type { Status } from "./status.ts"

type Customer = Status["setAside"][number]
type Outcome = Outputs["setAside"]["tryAgain"]

/** Customers whom the engine could not work, with what can be done for each of them. */
export function AsidePanel({ customers }: { customers: Customer[] }) {
  const { t } = useTranslation("status")
  const workspace = useWorkspace()
  const [skipping, setSkipping] = useState<Customer>()
  const { tryAgain, skip } = useMending(() => setSkipping(undefined))
  return (
    <Panel title={t("aside.title")} text={t("aside.text")} flush>
      <Table.ScrollContainer type="native" minWidth={720}>
        <Table className={table.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("aside.customer")}</Table.Th>
              <Table.Th>{t("aside.since")}</Table.Th>
              <Table.Th>{t("aside.why")}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t("aside.tryAgain")}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {customers.map(customer => (
              <Table.Tr key={customer.id}>
                <Table.Td>
                  <TextLink
                    to="/w/$workspace/customers/$id"
                    params={{ workspace: workspace.id, id: customer.id }}
                    size="sm"
                  >
                    {customer.id.slice(0, 8)}…{customer.id.slice(-4)}
                  </TextLink>
                </Table.Td>
                <Table.Td>
                  <Instant at={customer.since} clock="real" />
                </Table.Td>
                <Table.Td>
                  <code>{customer.error}</code>
                  <span className={classes.error}>
                    {t("aside.at")} {customer.event?.name || t("aside.wait")}
                    {customer.tries > 0 && ` · ${t("aside.tries", { count: customer.tries })}`}
                  </span>
                </Table.Td>
                <Table.Td>
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    <Button
                      size="xs"
                      variant="default"
                      loading={tryAgain.isPending && tryAgain.variables.id === customer.id}
                      onClick={() => tryAgain.mutate({ id: customer.id })}
                    >
                      {t("aside.tryAgain")}
                    </Button>
                    <Button size="xs" variant="subtle" onClick={() => setSkipping(customer)}>
                      {t("aside.skip")}
                    </Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ConfirmDialog
        opened={skipping !== undefined}
        title={t("aside.skip")}
        text={t("aside.skipText")}
        confirm={t("aside.skip")}
        danger
        busy={skip.isPending}
        error={skip.error}
        onConfirm={() => skipping && skip.mutate({ id: skipping.id })}
        onClose={() => setSkipping(undefined)}
      />
    </Panel>
  )
}

/** The two ways to mend, each of which says how it went. */
function useMending(onSkipped: () => void) {
  const { t } = useTranslation("status")
  const api = useApi()
  const queryClient = useQueryClient()
  const notify = useNotify()
  const say = (outcome: Outcome) => {
    notify.done(
      outcome.state === "set-aside"
        ? t("aside.still", { error: outcome.customer.error })
        : t(`aside.${outcome.state}`),
    )
    return queryClient.invalidateQueries({ queryKey: api.status.get.queryKey() })
  }
  const tryAgain = useMutation(
    api.setAside.tryAgain.mutationOptions({ onSuccess: say, onError: notify.error }),
  )
  const skip = useMutation(
    api.setAside.skip.mutationOptions({
      onSuccess: outcome => {
        onSkipped()
        return say(outcome)
      },
    }),
  )
  return { tryAgain, skip }
}
