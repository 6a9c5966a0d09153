import { Alert, Button, Progress, Text } from "@mantine/core"
import { IconAlertCircle, IconFileSpreadsheet } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { useMay } from "../app/role.ts"
import { useWorkspace } from "../app/workspace.ts"
import { RoleButton } from "../ui/RoleButton.tsx"
import { limits } from "./import.ts"
import classes from "./imports.module.css"
import { UploadRefused, uploadFile } from "./upload.ts"

/** Takes a file, by the button or dropped onto it, hands it to the server, and opens what came of it. */
export function FileDrop() {
  const { t } = useTranslation("imports")
  const { t: tUi } = useTranslation("ui")
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const format = useFormat()
  const may = useMay()
  const { id: workspace } = useWorkspace()
  const input = useRef<HTMLInputElement>(null)
  const stopping = useRef<AbortController>(undefined)
  const [over, setOver] = useState(false)
  const [share, setShare] = useState(0)
  const upload = useMutation({
    mutationFn: (file: File) => {
      stopping.current = new AbortController()
      setShare(0)
      return uploadFile(file, { workspace, onProgress: setShare, signal: stopping.current.signal })
    },
    onSuccess: async view => {
      void cache.invalidateQueries(api.imports.list.queryFilter())
      await navigate({ to: "/w/$workspace/import/$import", params: { workspace, import: view.id } })
    },
  })
  // A file on its way is given up when the page is left.
  useEffect(() => () => stopping.current?.abort(), [])
  const take = (file: File | undefined) => {
    if (file && may.edit && !upload.isPending) upload.mutate(file)
  }
  const problem = upload.error && !stopping.current?.signal.aborted ? upload.error : undefined
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way more; the button inside does the same
    <div
      className={classes.drop}
      data-over={over}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files[0])
      }}
    >
      <IconFileSpreadsheet size={34} stroke={1.4} aria-hidden />
      {upload.isPending ? (
        <>
          <Text fw={560}>{t("drop.uploading", { name: upload.variables.name })}</Text>
          <Progress value={share * 100} w="min(360px, 100%)" aria-label={t("drop.progress")} />
          <Text size="sm" c="dimmed">
            {format.percent(share)}
          </Text>
          <Button variant="default" onClick={() => stopping.current?.abort()}>
            {tUi("dialog.cancel")}
          </Button>
        </>
      ) : (
        <>
          <Text fw={560}>{t("drop.title")}</Text>
          <Text size="sm" c="dimmed" maw={480}>
            {t("drop.text", { megabytes: limits.megabytes, rows: format.number(limits.rows) })}
          </Text>
          <RoleButton needs="editor" onClick={() => input.current?.click()}>
            {t("drop.choose")}
          </RoleButton>
          <input
            ref={input}
            type="file"
            hidden
            accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
            onChange={event => {
              take(event.currentTarget.files?.[0])
              event.currentTarget.value = ""
            }}
          />
        </>
      )}
      {problem && (
        <Alert color="red" role="alert" icon={<IconAlertCircle aria-hidden />} ta="left">
          {t(`drop.refused.${refusalOf(problem)}`, {
            megabytes: limits.megabytes,
            rows: format.number(limits.rows),
          })}
        </Alert>
      )}
    </div>
  )
}

function refusalOf(error: unknown): "tooLarge" | "noTable" | "forbidden" | "offline" | "other" {
  if (!(error instanceof UploadRefused)) return "other"
  switch (error.status) {
    case undefined:
      return "offline"
    case 413:
      return "tooLarge"
    case 400:
    case 422:
      return "noTable"
    case 401:
    case 403:
      return "forbidden"
    default:
      return "other"
  }
}
