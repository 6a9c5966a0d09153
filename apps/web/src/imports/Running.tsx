import { Group, Progress, Stack, Text } from "@mantine/core"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import type { ImportView } from "./import.ts"

/** How far a check or an import is. It goes on by itself, whether somebody looks or not. */
export function Running({ view }: { view: ImportView }) {
  const { t } = useTranslation("imports")
  const api = useApi()
  const cache = useQueryClient()
  const format = useFormat()
  const cancel = useMutation(
    api.imports.cancel.mutationOptions({
      onSuccess: cancelled => cache.setQueryData(api.imports.get.queryKey({ id: view.id }), cancelled),
    }),
  )
  const doing = view.state === "checking" ? "checking" : "importing"
  const share = view.rows === 0 ? 0 : view.done / view.rows
  return (
    <Panel title={t(`running.${doing}.title`)} text={t(`running.${doing}.text`)}>
      <Stack gap="sm" maw={560}>
        <Progress
          value={share * 100}
          size="lg"
          aria-label={t(`running.${doing}.title`)}
          aria-valuetext={format.percent(share)}
        />
        <Text size="sm" className="numbers" role="status">
          {t("running.done", { done: view.done, rows: view.rows, share: format.percent(share) })}
        </Text>
        {cancel.error && <ErrorNote error={cancel.error} />}
        <Group>
          <RoleButton
            needs="editor"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ id: view.id })}
          >
            {t("running.cancel")}
          </RoleButton>
        </Group>
      </Stack>
    </Panel>
  )
}
