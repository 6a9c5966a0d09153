import { Group, Modal, SegmentedControl } from "@mantine/core"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { MailFrame } from "../editor/fields/MailFrame.tsx"
import { EmailNotes } from "./EmailNotes.tsx"
import classes from "./email.module.css"
import type { EmailView } from "./use-rendered-email.ts"

const widths = { desktop: 720, phone: 390 } as const
type Width = keyof typeof widths
const parts = ["html", "text"] as const
const schemes = ["light", "dark"] as const
type Scheme = (typeof schemes)[number]
const heightPx = 560

/** The message as its reader sees it: on a desk or a phone, on a light or a dark screen, and as plain text. */
export function EmailDialog(props: {
  opened: boolean
  view: EmailView
  isIsolated: boolean
  picker: ReactNode
  test: ReactNode
  onClose: () => void
}) {
  const { t } = useTranslation("node-types")
  const { email } = props.view
  const [width, setWidth] = useState<Width>("desktop")
  const [scheme, setScheme] = useState<Scheme>("light")
  const [part, setPart] = useState<(typeof parts)[number]>("html")
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size={880}
      title={t("form.email.openPreview")}
      closeButtonProps={{ "aria-label": t("form.email.closePreview") }}
    >
      <Group gap="sm" align="flex-end" mb="sm">
        <div className={classes.picker}>{props.picker}</div>
        <SegmentedControl
          size="xs"
          aria-label={t("form.email.width")}
          data={(Object.keys(widths) as Width[]).map(value => ({
            value,
            label: t(`form.email.widths.${value}`),
          }))}
          value={width}
          onChange={value => setWidth(value as Width)}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("form.email.scheme")}
          data={schemes.map(value => ({ value, label: t(`form.email.schemes.${value}`) }))}
          value={scheme}
          onChange={value => setScheme(value as Scheme)}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("form.email.part")}
          data={parts.map(value => ({ value, label: t(`form.email.parts.${value}`) }))}
          value={part}
          onChange={value => setPart(value as (typeof parts)[number])}
        />
        {props.test}
      </Group>
      <EmailNotes view={props.view} />
      {email && (
        <div className={classes.paper} data-width={width} style={{ maxWidth: widths[width] }}>
          {part === "html" ? (
            <MailFrame
              title={t("form.email.message")}
              subject={email.subject}
              preheader={email.preheader}
              html={email.html}
              isolated={props.isIsolated}
              scheme={scheme}
              heightPx={heightPx}
            />
          ) : (
            <>
              <div className={classes.subject}>{email.subject}</div>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text must be reachable by the keys that scroll */}
              <pre className={classes.text} data-scheme={scheme} tabIndex={0} style={{ height: heightPx }}>
                {email.text}
              </pre>
            </>
          )}
        </div>
      )}
    </Modal>
  )
}
