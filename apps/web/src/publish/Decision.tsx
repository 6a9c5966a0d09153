import { Alert, Button, Stack, Text, Textarea } from "@mantine/core"
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import type { Journey, Problem } from "@viaggio/journey-model"
import { useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { isApiError, type Outputs, useApi, useApiClient } from "../app/api.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ProblemIcon } from "../editor/problems/ProblemIcon.tsx"
import { useProblemWords } from "../editor/problems/use-problem-say.ts"
import { useNodeWords } from "../node-types/words.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import classes from "./publish.module.css"

/** The checks, a note, and the button; afterwards what came of it. */
export function Decision(props: {
  journey: Journey
  draft: Outputs["journeys"]["get"]
  problems: readonly Problem[]
  /** The version that is to be live again; undefined for the draft. */
  rollBackTo: number | undefined
  isSame: boolean
}) {
  const { journey, draft, rollBackTo } = props
  const { t } = useTranslation("publish")
  const api = useApi()
  const client = useApiClient()
  const cache = useQueryClient()
  const [note, setNote] = useState(rollBackTo === undefined ? "" : t("back.note", { version: rollBackTo }))
  const publish = useMutation({
    mutationFn: async () => {
      const { key } = journey
      const { revision } =
        rollBackTo === undefined
          ? draft
          : await client.journeys.save.mutate({ key, document: journey, revision: draft.revision })
      const text = note.trim()
      return client.journeys.publish.mutate({ key, revision, ...(text === "" ? {} : { note: text }) })
    },
    onSettled: () => cache.invalidateQueries(api.journeys.pathFilter()),
  })
  const refused = problemsOf(publish.error)
  const problems = refused ?? props.problems
  const errors = problems.filter(({ severity }) => severity === "error").length
  const hasUnpublished = draft.publishedHash !== null && draft.publishedHash !== draft.hash
  if (publish.data)
    return (
      <Panel title={t("done.title")}>
        <Alert
          color="green"
          icon={<IconCircleCheck size={18} aria-hidden />}
          title={t("done.version", { version: publish.data.version })}
          data-published={publish.data.version}
        >
          {t("done.text")}
        </Alert>
        <ToEditor journey={journey.key} />
      </Panel>
    )
  return (
    <Panel title={t("checks.title")}>
      <Stack gap="sm">
        <Text size="sm" data-checks={errors}>
          {errors > 0
            ? t("checks.blocked", { count: errors })
            : t(draft.status === "stopped" ? "checks.readyStopped" : "checks.ready")}
        </Text>
        <ProblemLines problems={problems} journey={journey} isDraft={rollBackTo === undefined} />
        {rollBackTo !== undefined && hasUnpublished && (
          <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
            {t("back.replaces")}
          </Alert>
        )}
        {publish.error && !refused && <ErrorNote error={publish.error} />}
        <Textarea
          label={t("note.label")}
          placeholder={t("note.hint")}
          autosize
          minRows={2}
          value={note}
          maxLength={1000}
          onChange={event => setNote(event.currentTarget.value)}
        />
        <RoleButton
          needs="editor"
          disabled={(errors > 0 && !refused) || (props.isSame && draft.status !== "stopped")}
          loading={publish.isPending}
          data-publish
          onClick={() => publish.mutate()}
        >
          {rollBackTo === undefined ? t("publish") : t("back.publish", { version: rollBackTo })}
        </RoleButton>
      </Stack>
    </Panel>
  )
}

function ToEditor({ journey }: { journey: string }) {
  const { t } = useTranslation("publish")
  const workspace = useWorkspace()
  return (
    <Button
      mt="md"
      variant="default"
      renderRoot={rest => (
        <Link {...rest} to="/w/$workspace/journeys/$key" params={{ workspace: workspace.id, key: journey }} />
      )}
    >
      {t("toEditor")}
    </Button>
  )
}

const severities = ["error", "warning", "hint"]

/** Each problem in a line, worst first; one of the draft leads to its step in the editor. */
function ProblemLines(props: { problems: readonly Problem[]; journey: Journey; isDraft: boolean }) {
  const workspace = useWorkspace()
  const words = useNodeWords()
  const nodes = useMemo(() => new Map(props.journey.nodes.map(node => [node.id, node])), [props.journey])
  const say = useProblemWords(nodes)
  const worstFirst = [...props.problems].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  )
  if (worstFirst.length === 0) return null
  return (
    <ul className={classes.problems}>
      {worstFirst.map(problem => {
        const node = nodes.get(problem.node ?? "")
        const text = (
          <>
            {node && <b>{words.nodeName(node)}: </b>}
            {say(problem)}
          </>
        )
        return (
          <li
            key={`${problem.id} ${problem.node ?? ""} ${problem.at ?? ""} ${problem.outcome ?? ""}`}
            data-severity={problem.severity}
            data-problem={problem.id}
          >
            <ProblemIcon severity={problem.severity} />
            {props.isDraft ? (
              <Link
                to="/w/$workspace/journeys/$key"
                params={{ workspace: workspace.id, key: props.journey.key }}
                search={node ? { node: node.id } : {}}
              >
                {text}
              </Link>
            ) : (
              <span>{text}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** The problems that the server gave as its reason; it checks with all that it knows. */
function problemsOf(error: unknown): readonly Problem[] | undefined {
  return isApiError(error) ? error.data?.problems : undefined
}
