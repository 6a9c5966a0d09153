import { IconMapQuestion } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { EmptyState } from "../ui/EmptyState.tsx"
import { ButtonLink } from "../ui/links.tsx"
import { usePageTitle } from "./page-title.ts"

export default function NotFoundPage() {
  const { t } = useTranslation("app")
  usePageTitle(t("notFound.title"))
  return (
    <EmptyState
      icon={IconMapQuestion}
      heading={1}
      title={t("notFound.title")}
      text={t("notFound.advice")}
      action={<ButtonLink to="/">{t("notFound.home")}</ButtonLink>}
    />
  )
}
