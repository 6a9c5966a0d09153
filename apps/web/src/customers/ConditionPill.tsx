import { Pill } from "@mantine/core"
import { type Condition, describeCondition } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useSentence } from "../app/sentence.ts"

/** The condition that the list is filtered by, as a sentence, with a way to take it away. */
export function ConditionPill({ condition, onRemove }: { condition: Condition; onRemove: () => void }) {
  const { t } = useTranslation("customers")
  const say = useSentence()
  return (
    <Pill
      size="md"
      fz={13}
      maw={420}
      withRemoveButton
      onRemove={onRemove}
      removeButtonProps={{ "aria-label": t("filter.noCondition"), "aria-hidden": false, tabIndex: 0 }}
    >
      {t("filter.condition", { condition: say(describeCondition(condition)) })}
    </Pill>
  )
}
