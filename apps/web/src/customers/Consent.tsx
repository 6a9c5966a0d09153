import { Group, Text } from "@mantine/core"
import { IconMailCheck, IconMailOff } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { type Outputs, useApi } from "../app/api.ts"
import { RemoveSuppression } from "../settings/SuppressionSettings.tsx"
import { SuppressionReason, SuppressionSource } from "../settings/SuppressionWords.tsx"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import { Tag, type Tone } from "../ui/Tag.tsx"
import classes from "./InsideNow.module.css"
import type { ConsentState } from "./search.ts"

type Profile = Outputs["customers"]["get"]
type Reason = Profile["consent"]["reasons"][number]

const tones: { [S in ConsentState]: Tone } = {
  subscribed: "entry",
  unsubscribed: "exit",
  suppressed: "danger",
  "no-address": "exit",
}

/** Whether the customer gets e-mail, and what stands against it: since when, and what it came of. */
export function Consent({ consent, attributes }: Pick<Profile, "consent" | "attributes">) {
  const { t } = useTranslation("customers")
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Reason>()
  const address = typeof attributes.email === "string" ? attributes.email.trim().toLowerCase() : ""
  const { email: state, reasons } = consent
  const byAttribute = state === "unsubscribed" && reasons.length === 0
  return (
    <Panel title={t("consent.title")}>
      <Tag tone={tones[state]} icon={state === "subscribed" ? IconMailCheck : IconMailOff}>
        {t(`consent.states.${state}`)}
      </Tag>
      {state === "no-address" && (
        <Text c="dimmed" size="sm" mt="xs">
          {t("consent.noAddress")}
        </Text>
      )}
      {reasons.length > 0 && (
        <ul className={classes.root} style={{ marginTop: 10 }}>
          {reasons.map(entry => (
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
      )}
      {byAttribute && (
        <Text c="dimmed" size="sm" mt="xs">
          {t("consent.byAttribute")}
        </Text>
      )}
      {(state === "subscribed" || state === "unsubscribed") && (
        <Group mt="sm">
          <RoleButton needs="editor" size="xs" variant="default" onClick={() => setAdding(true)}>
            {t("consent.add")}
          </RoleButton>
        </Group>
      )}
      <AddAddress address={address} opened={adding} onClose={() => setAdding(false)} />
      <RemoveSuppression
        item={removing && { address, reason: removing.reason }}
        onClose={() => setRemoving(undefined)}
      />
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
