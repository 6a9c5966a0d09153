import { Group, Skeleton, Text } from "@mantine/core"
import { IconMailCheck, IconMailOff } from "@tabler/icons-react"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { type Outputs, useApi } from "../app/api.ts"
import { RemoveSuppression } from "../settings/SuppressionSettings.tsx"
import { SuppressionReason, SuppressionSource } from "../settings/SuppressionWords.tsx"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import { Tag } from "../ui/Tag.tsx"
import classes from "./InsideNow.module.css"

type Item = Outputs["suppressions"]["list"]["items"][number]

/** Whether the customer gets e-mail, and what stands against it: since when, and what it came of. */
export function Consent({ attributes }: { attributes: Record<string, unknown> }) {
  const { t } = useTranslation("customers")
  const api = useApi()
  const address = typeof attributes.email === "string" ? attributes.email.trim().toLowerCase() : ""
  const list = useQuery(
    api.suppressions.list.queryOptions({ search: address, limit: 200 }, { enabled: address !== "" }),
  )
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Item>()
  const entries = list.data?.items.filter(item => item.address === address) ?? []
  const isListed = entries.some(({ reason }) => reason !== "unsubscribed")
  const hasUnsubscribed = attributes.unsubscribed === true
  const state = isListed ? "nothing" : hasUnsubscribed ? "noMarketing" : "everything"
  return (
    <Panel title={t("consent.title")}>
      {address === "" ? (
        <Text c="dimmed" size="sm">
          {t("consent.noAddress")}
        </Text>
      ) : list.isPending ? (
        <Skeleton height={60} />
      ) : list.error ? (
        <ErrorNote inset error={list.error} onRetry={list.refetch} />
      ) : (
        <>
          <Tag
            tone={state === "everything" ? "entry" : state === "noMarketing" ? "exit" : "danger"}
            icon={state === "everything" ? IconMailCheck : IconMailOff}
          >
            {t(`consent.states.${state}`)}
          </Tag>
          <ul className={classes.root} style={{ marginTop: 10 }}>
            {entries.map(entry => (
              <li key={entry.reason}>
                <Group justify="space-between" wrap="nowrap" gap="xs">
                  <span>
                    <SuppressionReason reason={entry.reason} />{" "}
                    <span className={classes.where}>
                      <Instant at={entry.at} clock="real" /> · <SuppressionSource source={entry.source} />
                    </span>
                  </span>
                  <RoleButton
                    needs="editor"
                    size="xs"
                    variant="default"
                    onClick={() => setRemoving(entry)}
                    aria-label={t("consent.removeLabel", { address })}
                  >
                    {t("consent.remove")}
                  </RoleButton>
                </Group>
              </li>
            ))}
          </ul>
          {hasUnsubscribed && !entries.some(({ reason }) => reason === "unsubscribed") && (
            <Text c="dimmed" size="sm">
              {t("consent.byAttribute")}
            </Text>
          )}
          {!isListed && (
            <RoleButton needs="editor" size="xs" variant="default" mt="xs" onClick={() => setAdding(true)}>
              {t("consent.add")}
            </RoleButton>
          )}
        </>
      )}
      <AddAddress address={address} opened={adding} onClose={() => setAdding(false)} />
      <RemoveSuppression item={removing} onClose={() => setRemoving(undefined)} />
    </Panel>
  )
}

function AddAddress({ address, opened, onClose }: { address: string; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("customers")
  const api = useApi()
  const cache = useQueryClient()
  const add = useMutation(
    api.suppressions.add.mutationOptions({
      onSuccess: () => {
        onClose()
        return Promise.all([
          cache.invalidateQueries(api.suppressions.pathFilter()),
          cache.invalidateQueries(api.customers.get.queryFilter()),
        ])
      },
    }),
  )
  return (
    <ConfirmDialog
      opened={opened}
      title={t("consent.addTitle", { address })}
      text={t("consent.addText")}
      confirm={t("consent.add")}
      danger
      busy={add.isPending}
      error={add.error}
      onConfirm={() => add.mutate({ address })}
      onClose={() => {
        add.reset()
        onClose()
      }}
    />
  )
}
