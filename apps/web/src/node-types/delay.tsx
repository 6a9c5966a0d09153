import { IconClock } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { DurationField } from "../editor/fields/DurationField.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import type { Face, FaceProps } from "./face.ts"

function Form({ config, onChange, problems }: FaceProps<"delay">) {
  const { t } = useTranslation("node-types")
  const problemAt = useProblemText(problems)
  return (
    <DurationField
      label={t("form.delay.for")}
      value={config.for}
      at="/for"
      error={problemAt("/for")}
      onChange={value => onChange({ for: value }, "for")}
    />
  )
}

export const delayFace: Face<"delay"> = { Icon: IconClock, Form }
