import { IconSend } from "@tabler/icons-react"
import { useMutation } from "@tanstack/react-query"
import type { ConfigOf } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"
import { useSession } from "../editor/session/session-context.ts"
import { RoleButton } from "../ui/RoleButton.tsx"
import type { EmailView } from "./use-rendered-email.ts"

/** Sends the message as it stands here to the person at the screen; it is marked as a test and counted nowhere. */
export function SendTest(props: {
  node: string
  config: ConfigOf<"email">
  customer: string | undefined
  entry: EmailView["entry"]
  isPossible: boolean
}) {
  const { node, config, customer, entry } = props
  const { t } = useTranslation("node-types")
  const api = useApi()
  const notify = useNotify()
  const session = useSession()
  const send = useMutation(
    api.messages.sendTest.mutationOptions({
      onSuccess: ({ to, via }) => notify.done(t(`form.email.testSent.${via}`, { to })),
      onError: notify.error,
    }),
  )
  const { subject, preheader, html, text, from } = config
  return (
    <RoleButton
      needs="editor"
      size="xs"
      variant="default"
      leftSection={<IconSend size={14} aria-hidden />}
      loading={send.isPending}
      disabled={!props.isPossible}
      data-send-test
      onClick={() =>
        send.mutate({
          content: {
            subject,
            html,
            ...(preheader === undefined ? {} : { preheader }),
            ...(text === undefined ? {} : { text }),
            ...(from ? { from } : {}),
          } as never,
          journey: session.journey().key,
          node,
          ...(customer === undefined ? {} : { customer }),
          ...(entry ? { entry: { name: entry.name, at: entry.at, properties: entry.properties } } : {}),
        })
      }
    >
      {t("form.email.sendTest")}
    </RoleButton>
  )
}
