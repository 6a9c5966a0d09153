import { SegmentedControl, Table } from "@mantine/core"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { useNotify } from "../app/notify.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import table from "../ui/table.module.css"
import classes from "./panels.module.css"
import type { Status } from "./status.ts"

type Hold = NonNullable<Status["hold"]>
type Choice = "send" | "skip"

/** A restored installation: what it must not do twice, and the word that lets it go on. */
export function HoldPanel({ hold }: { hold: Hold }) {
  const { t } = useTranslation("status")
  return (
    <Panel title={t("hold.title")} text={t("hold.text")}>
      <dl className={classes.facts}>
        <div>
          <dt>{t("hold.backup")}</dt>
          <dd>
            <Instant at={hold.backupAt} />
          </dd>
        </div>
        <div>
          <dt>{t("hold.restored")}</dt>
          <dd>
            <Instant at={hold.since} />
          </dd>
        </div>
      </dl>
      <Reconcile hold={hold} />
      <Release hold={hold} />
    </Panel>
  )
}

function Reconcile({ hold }: { hold: Hold }) {
  const { t } = useTranslation("status")
  const api = useApi()
  const format = useFormat()
  const notify = useNotify()
  const queryClient = useQueryClient()
  const reconcile = useMutation(
    api.status.reconcile.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: api.status.get.queryKey() }),
      onError: notify.error,
    }),
  )
  return (
    <div className={classes.step}>
      <h3>{t("hold.step1")}</h3>
      <p>{t("hold.step1Text")}</p>
      {hold.reconciled && (
        <p role="status">
          {t("hold.reconciled", {
            count: hold.reconciled.effects,
            shown: format.number(hold.reconciled.effects),
          })}
        </p>
      )}
      <RoleButton
        needs="owner"
        variant={hold.reconciled ? "default" : "filled"}
        loading={reconcile.isPending}
        onClick={() => reconcile.mutate()}
      >
        {t(hold.reconciled ? "hold.again" : "hold.reconcile")}
      </RoleButton>
    </div>
  )
}

function Release({ hold }: { hold: Hold }) {
  const { t } = useTranslation("status")
  const api = useApi()
  const notify = useNotify()
  const format = useFormat()
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [chosen, setChosen] = useState<Record<string, Choice>>({})
  const [others, setOthers] = useState<Choice>()
  // Where the journal is not known, the safe way is not to send.
  const usual: Choice = hold.reconciled ? "send" : "skip"
  const choiceOf = (key: string) => chosen[key] ?? usual
  const release = useMutation(
    api.status.release.mutationOptions({
      onSuccess: () => {
        notify.done(t("hold.released"))
        return queryClient.invalidateQueries({ queryKey: api.status.get.queryKey() })
      },
    }),
  )
  const choices = [
    { value: "send", label: t("hold.send") },
    { value: "skip", label: t("hold.skip") },
  ]
  return (
    <div className={classes.step}>
      <h3>{t("hold.step2")}</h3>
      <p>{t("hold.step2Text")}</p>
      {hold.journeys.length === 0 && hold.others.journeys === 0 ? (
        <p>{t("hold.nothing")}</p>
      ) : (
        <Table.ScrollContainer type="native" minWidth={620} mb="md">
          <Table className={table.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("hold.journey")}</Table.Th>
                {(["timers", "messages", "known"] as const).map(name => (
                  <Table.Th key={name} className={table.number}>
                    {t(`hold.${name}`)}
                  </Table.Th>
                ))}
                <Table.Th>{t("hold.choice")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {hold.journeys.map(journey => (
                <Table.Tr key={journey.key}>
                  <Table.Td>{journey.name}</Table.Td>
                  {(["timers", "messages", "known"] as const).map(name => (
                    <Table.Td key={name} className={table.number}>
                      {format.number(journey[name])}
                    </Table.Td>
                  ))}
                  <Table.Td>
                    <SegmentedControl
                      size="xs"
                      aria-label={t("hold.choose", { journey: journey.name })}
                      data={choices}
                      value={choiceOf(journey.key)}
                      onChange={value => setChosen({ ...chosen, [journey.key]: value as Choice })}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
              {hold.others.journeys > 0 && (
                <Table.Tr>
                  <Table.Td colSpan={4} className={table.faint}>
                    {t("hold.others", {
                      count: hold.others.journeys,
                      timers: format.number(hold.others.timers),
                      messages: format.number(hold.others.messages),
                    })}
                  </Table.Td>
                  <Table.Td>
                    <SegmentedControl
                      size="xs"
                      aria-label={t("hold.choice")}
                      data={choices}
                      value={others ?? usual}
                      onChange={value => setOthers(value as Choice)}
                    />
                  </Table.Td>
                </Table.Tr>
              )}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <RoleButton needs="owner" onClick={() => setAsking(true)}>
        {t("hold.release")}
      </RoleButton>
      <ConfirmDialog
        opened={asking}
        title={t("hold.releaseTitle")}
        text={t("hold.releaseText")}
        confirm={t("hold.release")}
        busy={release.isPending}
        error={release.error}
        onConfirm={() =>
          release.mutate({
            skip: hold.journeys.filter(({ key }) => choiceOf(key) === "skip").map(({ key }) => key),
            skipOthers: (others ?? usual) === "skip",
          })
        }
        onClose={() => setAsking(false)}
      />
    </div>
  )
}
