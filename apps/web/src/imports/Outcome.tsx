import { Alert, Group, Stack } from "@mantine/core"
import { IconAlertCircle, IconInfoCircle } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { ButtonLink } from "../ui/links.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import { Counts } from "./Counts.tsx"
import type { ImportView } from "./import.ts"
import { Rejects } from "./Rejects.tsx"

/** What a check found or an import did, and what can be done next. */
export function Outcome({ view, onChange }: { view: ImportView; onChange: () => void }) {
  const { t } = useTranslation("imports")
  const { id: workspace } = useWorkspace()
  const api = useApi()
  const cache = useQueryClient()
  const start = useMutation(
    api.imports.start.mutationOptions({
      onSuccess: started => cache.setQueryData(api.imports.get.queryKey({ id: view.id }), started),
    }),
  )
  const { state, mapping } = view
  const counts = view.imported ?? view.checked
  const due = view.checked ? view.checked.rows - view.checked.rejected : 0
  const change = (
    <RoleButton needs="editor" variant="default" onClick={onChange}>
      {t("change")}
    </RoleButton>
  )
  return (
    <Stack gap="lg">
      {state === "failed" && (
        <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={t("failed.title")}>
          {view.error ?? t("failed.text")}
        </Alert>
      )}
      {state === "cancelled" && (
        <Alert icon={<IconInfoCircle aria-hidden />} title={t("cancelled.title")}>
          {t("cancelled.text", { count: view.done })}
        </Alert>
      )}
      {counts && (
        <Panel
          title={t(`outcome.${view.imported ? "imported" : "checked"}.title`)}
          text={t(`outcome.${view.imported ? "imported" : "checked"}.text`)}
        >
          <Counts counts={counts} />
        </Panel>
      )}
      {counts && counts.rejected > 0 && <Rejects id={view.id} />}
      {start.error && <ErrorNote error={start.error} />}
      <Group justify="space-between">
        <RemoveButton view={view} />
        <Group gap="xs">
          {state === "imported" ? (
            <ButtonLink to="/w/$workspace/customers" params={{ workspace }}>
              {t("toCustomers")}
            </ButtonLink>
          ) : (
            <>
              {change}
              {state === "checked" && mapping && (
                <RoleButton
                  needs="editor"
                  loading={start.isPending}
                  disabled={due === 0}
                  onClick={() =>
                    start.mutate({ id: view.id, mapping, delimiter: view.delimiter, encoding: view.encoding })
                  }
                >
                  {t("start", { count: due })}
                </RoleButton>
              )}
            </>
          )}
        </Group>
      </Group>
    </Stack>
  )
}

function RemoveButton({ view }: { view: ImportView }) {
  const { t } = useTranslation("imports")
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const { id: workspace } = useWorkspace()
  const [asking, setAsking] = useState(false)
  const remove = useMutation(
    api.imports.remove.mutationOptions({
      onSuccess: async () => {
        void cache.invalidateQueries(api.imports.list.queryFilter())
        await navigate({ to: "/w/$workspace/import", params: { workspace } })
      },
    }),
  )
  return (
    <>
      <RoleButton needs="editor" variant="subtle" color="red" onClick={() => setAsking(true)}>
        {t("remove.open")}
      </RoleButton>
      <ConfirmDialog
        opened={asking}
        title={t("remove.title", { name: view.name })}
        text={t("remove.text")}
        confirm={t("remove.open")}
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ id: view.id })}
        onClose={() => {
          remove.reset()
          setAsking(false)
        }}
      />
    </>
  )
}
