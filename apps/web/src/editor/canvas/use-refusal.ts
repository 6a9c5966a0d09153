import type { Sentence } from "@viaggio/journey-model"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { showNote } from "../../app/notify.ts"
import { useSentence } from "../../app/sentence.ts"

/** Tells the person why the model did not take an edit. */
export function useRefusal(): (refusal: Sentence) => void {
  const { t } = useTranslation("editor")
  const say = useSentence()
  return useCallback(
    refusal => {
      void showNote({ id: "refusal", color: "red", title: t("refused"), message: say(refusal) })
    },
    [say, t],
  )
}
