import { ActionIcon, Menu } from "@mantine/core"
import {
  IconCopy,
  IconDots,
  IconExternalLink,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrash,
} from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"
import { useMay } from "../app/role.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import type { JourneyRow } from "./list.ts"
import { copyName } from "./names.ts"

const icon = { size: 16, stroke: 1.7, "aria-hidden": true } as const

/** What can be done with one journey of the list. Stopping and removing ask first. */
export function JourneyMenu({ row }: { row: JourneyRow }) {
  const { t } = useTranslation("journeys")
  const { t: tUi } = useTranslation("ui")
  const may = useMay()
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const notify = useNotify()
  const { id: workspace } = useWorkspace()
  const [asking, setAsking] = useState<"stop" | "remove">()
  const options = {
    onSuccess: () => {
      setAsking(undefined)
      return cache.invalidateQueries(api.journeys.list.queryFilter())
    },
    onError: notify.error,
  }
  const pause = useMutation(api.journeys.pause.mutationOptions(options))
  const resume = useMutation(api.journeys.resume.mutationOptions(options))
  const duplicate = useMutation(api.journeys.duplicate.mutationOptions(options))
  // These two show their error in the dialog that is open.
  const stop = useMutation(api.journeys.stop.mutationOptions({ onSuccess: options.onSuccess }))
  const remove = useMutation(api.journeys.remove.mutationOptions({ onSuccess: options.onSuccess }))
  const asked = asking === "stop" ? stop : remove
  const input = { key: row.key }
  const makeCopy = () => {
    const taken = cache.getQueryData(api.journeys.list.queryKey())?.map(journey => journey.name) ?? []
    const name = copyName(row.name, taken, (name, number) =>
      number === 1 ? t("copy.first", { name }) : t("copy.more", { name, number }),
    )
    duplicate.mutate({ ...input, name })
  }
  return (
    <>
      <Menu position="bottom-end" width={190}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("menu.label", { name: row.name })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconExternalLink {...icon} />}
            onClick={() =>
              navigate({ to: "/w/$workspace/journeys/$key", params: { workspace, key: row.key } })
            }
          >
            {t("menu.open")}
          </Menu.Item>
          {!may.edit && <Menu.Label>{tUi("role.needs.editor")}</Menu.Label>}
          <Menu.Item disabled={!may.edit} leftSection={<IconCopy {...icon} />} onClick={makeCopy}>
            {t("menu.duplicate")}
          </Menu.Item>
          {row.status === "live" && (
            <Menu.Item
              disabled={!may.edit}
              leftSection={<IconPlayerPause {...icon} />}
              onClick={() => pause.mutate(input)}
            >
              {t("menu.pause")}
            </Menu.Item>
          )}
          {row.status === "paused" && (
            <Menu.Item
              disabled={!may.edit}
              leftSection={<IconPlayerPlay {...icon} />}
              onClick={() => resume.mutate(input)}
            >
              {t("menu.resume")}
            </Menu.Item>
          )}
          {(row.status === "live" || row.status === "paused") && (
            <Menu.Item
              disabled={!may.edit}
              c="var(--danger)"
              leftSection={<IconPlayerStop {...icon} />}
              onClick={() => setAsking("stop")}
            >
              {t("menu.stop")}
            </Menu.Item>
          )}
          {row.status === "draft" && (
            <Menu.Item
              disabled={!may.edit}
              c="var(--danger)"
              leftSection={<IconTrash {...icon} />}
              onClick={() => setAsking("remove")}
            >
              {t("menu.remove")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asking !== undefined}
        title={t(`${asking ?? "stop"}.title`, { name: row.name })}
        text={asking === "remove" ? t("remove.text") : t("stop.text", { count: row.inside })}
        confirm={t(`${asking ?? "stop"}.confirm`)}
        danger
        busy={asked.isPending}
        error={asked.error}
        onConfirm={() => asked.mutate(input)}
        onClose={() => {
          setAsking(undefined)
          asked.reset()
        }}
      />
    </>
  )
}
