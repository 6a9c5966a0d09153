import { Button } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { sessionOptions, signOut } from "../app/account.ts"
import { usePageTitle } from "../app/page-title.ts"
import { queryClient } from "../app/query-client.ts"
import { DoorPage } from "../ui/DoorPage.tsx"

/** For somebody who was taken out of the last workspace they were in. */
export default function NoWorkspacePage() {
  const { t } = useTranslation("shell")
  usePageTitle(t("nowhere.title"))
  const navigate = useNavigate()
  const { data: session } = useSuspenseQuery(sessionOptions)
  return (
    <DoorPage title={t("nowhere.title")} text={t("nowhere.text", { email: session.user?.email ?? "" })}>
      <Button
        variant="default"
        fullWidth
        onClick={async () => {
          await signOut()
          queryClient.clear()
          await navigate({ to: "/sign-in" })
        }}
      >
        {t("user.signOut")}
      </Button>
    </DoorPage>
  )
}
