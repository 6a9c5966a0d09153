import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { sessionOptions } from "../app/account.ts"
import { useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"

/** Changes settings of the workspace on screen, says that it is done, and asks anew for what shows them. */
export function useWorkspaceChange(onSaved?: () => void) {
  const { t } = useTranslation("ui")
  const api = useApi()
  const cache = useQueryClient()
  const notify = useNotify()
  return useMutation(
    api.workspaces.update.mutationOptions({
      onSuccess: () => {
        onSaved?.()
        notify.done(t("saved"))
      },
      onSettled: () =>
        Promise.all([
          cache.invalidateQueries(api.workspaces.get.queryFilter()),
          cache.invalidateQueries({ queryKey: sessionOptions.queryKey }),
        ]),
    }),
  )
}
