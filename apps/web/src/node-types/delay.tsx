import { useTranslation } from "react-i18next"
import { DurationField } from "../editor/fields/DurationField.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import type { FaceProps } from "./face.ts"

export function DelayForm({ config, onChange, problems }: FaceProps<"delay">) {
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
