import { Text } from "@mantine/core"
import { type ConfigOf, compileEmail, renderEmail } from "@viaggio/journey-model"
import { useContext, useDeferredValue, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { EntryEventContext, useCatalogue } from "../editor/fields/catalogue.ts"
import { asksWithValues } from "../editor/fields/isolate-html.ts"
import { MailFrame } from "../editor/fields/MailFrame.tsx"
import { sampleValues } from "../editor/fields/sample-values.ts"

/** The e-mail as a customer with the catalogue's sample values would get it; keeps up with typing. */
export function EmailPreview({ config }: { config: ConfigOf<"email"> }) {
  const { t } = useTranslation("node-types")
  const catalogue = useCatalogue()
  const entryEvent = useContext(EntryEventContext)
  const shown = useDeferredValue(config)
  const rendered = useMemo(() => {
    const compiled = compileEmail(shown)
    if (!compiled.ok) return { unreadable: true }
    try {
      return {
        email: renderEmail(compiled.value, sampleValues(catalogue, entryEvent), {
          unsubscribe: "#unsubscribe",
        }),
      }
    } catch (error) {
      return { reason: error instanceof Error ? error.message : String(error) }
    }
  }, [shown, catalogue, entryEvent])
  if (rendered.email)
    return (
      <MailFrame
        title={t("form.email.preview")}
        subject={rendered.email.subject}
        html={rendered.email.html}
        // The samples are values of real customers: a picture's address must not carry them away.
        isolated={asksWithValues(shown.html)}
      />
    )
  return (
    <Text size="xs" c={rendered.unreadable ? "var(--ink-soft)" : "var(--danger)"} role="status">
      {rendered.unreadable
        ? t("form.email.previewUnreadable")
        : (rendered.reason ?? t("form.email.previewFailed"))}
    </Text>
  )
}
