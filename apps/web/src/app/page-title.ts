import { useEffect } from "react"
import { useTranslation } from "react-i18next"

/** Names the page in the browser's tab and history. */
export function usePageTitle(page: string): void {
  const { t } = useTranslation("app")
  const title = t("title", { page })
  useEffect(() => {
    document.title = title
  }, [title])
}
