import { ActionIcon, Group, Stack, Tooltip } from "@mantine/core"
import { useSessionStorage } from "@mantine/hooks"
import { IconMaximize } from "@tabler/icons-react"
import type { ConfigOf } from "@viaggio/journey-model"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useWorkspace } from "../app/workspace.ts"
import { type ChosenCustomer, CustomerPicker } from "../editor/fields/CustomerPicker.tsx"
import { asksWithValues } from "../editor/fields/isolate-html.ts"
import { MailFrame } from "../editor/fields/MailFrame.tsx"
import { EmailDialog } from "./EmailDialog.tsx"
import { EmailNotes } from "./EmailNotes.tsx"
import { SendTest } from "./SendTest.tsx"
import { useRenderedEmail } from "./use-rendered-email.ts"

/** The e-mail as a chosen customer would get it: small here, in all widths and colours in a dialog. */
export function EmailPreview({ node, config }: { node: string; config: ConfigOf<"email"> }) {
  const { t } = useTranslation("node-types")
  const { id: workspace } = useWorkspace()
  // One customer for all messages of a visit: who reads one wants to see the next one of the same person.
  const [customer, setCustomer] = useSessionStorage<ChosenCustomer | undefined>({
    key: `viaggio.preview-customer.${workspace}`,
    getInitialValueInEffect: false,
  })
  const [isOpen, setOpen] = useState(false)
  const view = useRenderedEmail(config, customer?.id)
  const picker = <CustomerPicker chosen={customer} onChoose={chosen => setCustomer(chosen)} />
  const test = (
    <SendTest
      node={node}
      config={config}
      customer={customer?.id}
      entry={view.entry}
      isPossible={!view.isUnreadable}
    />
  )
  return (
    <Stack gap={8} data-email-preview>
      <Group gap={6} align="flex-end" wrap="nowrap">
        <div style={{ flex: 1, minWidth: 0 }}>{picker}</div>
        <Tooltip label={t("form.email.openPreview")}>
          <ActionIcon
            variant="default"
            size={30}
            aria-label={t("form.email.openPreview")}
            onClick={() => setOpen(true)}
          >
            <IconMaximize size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      <EmailNotes view={view} />
      {view.email && (
        <MailFrame
          title={t(customer ? "form.email.previewOf" : "form.email.preview", {
            customer: customer?.label ?? "",
          })}
          subject={view.email.subject}
          preheader={view.email.preheader}
          html={view.email.html}
          // The values are those of real customers: a picture's address must not carry them away.
          isolated={asksWithValues(config.html)}
        />
      )}
      <div>{test}</div>
      <EmailDialog
        opened={isOpen}
        view={view}
        isIsolated={asksWithValues(config.html)}
        picker={picker}
        test={test}
        onClose={() => setOpen(false)}
      />
    </Stack>
  )
}
