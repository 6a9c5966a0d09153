import { TextInput } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import type { FaceProps } from "./face.ts"

export function ExitForm({ config, onChange, problems }: FaceProps<"exit">) {
  const { t } = useTranslation("node-types")
  const problemAt = useProblemText(problems)
  return (
    <TextInput
      size="xs"
      label={t("form.exit.reason")}
      description={t("form.exit.reasonHint")}
      value={config.reason}
      data-at="/reason"
      error={problemAt("/reason")}
      // An id is what the statistics are kept under, so a typed blank becomes the dash that it would have to be.
      onChange={event =>
        onChange({ reason: event.currentTarget.value.toLowerCase().replace(/\s+/g, "-") }, "reason")
      }
    />
  )
}
