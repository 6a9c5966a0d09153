import { IconBuildingStore } from "@tabler/icons-react"
import { useMutation } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { sessionOptions } from "../app/account.ts"
import { useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"
import { queryClient } from "../app/query-client.ts"
import { useWorkspace } from "../app/workspace.ts"
import { RoleButton } from "../ui/RoleButton.tsx"

/**
 * Opens a made-up shop with customers who order, and its welcome journey on the canvas. A sandbox is filled itself;
 * beside a real workspace a sandbox is made, so that nothing made-up mixes with what is real.
 */
export function StartButton() {
  const { t } = useTranslation("sample-store")
  const { sandbox, language } = useWorkspace()
  const api = useApi()
  const notify = useNotify()
  const navigate = useNavigate()
  const start = useMutation(
    api.sampleStore.start.mutationOptions({
      onSuccess: async ({ workspace, journey }) => {
        // The new sandbox is not in what was asked for before.
        await queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 })
        await navigate({ to: "/w/$workspace/journeys/$key", params: { workspace, key: journey } })
      },
      onError: notify.error,
    }),
  )
  return (
    <RoleButton
      needs="owner"
      variant="default"
      leftSection={<IconBuildingStore size={16} aria-hidden />}
      loading={start.isPending}
      onClick={() =>
        start.mutate({
          where: sandbox ? "here" : "sandbox",
          language: language.startsWith("it") ? "it" : "en",
        })
      }
    >
      {t("start")}
    </RoleButton>
  )
}
