import { Skeleton, VisuallyHidden } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { Page } from "./Page.tsx"

/** The shape of a page while its code or its data is on the way. */
export function PageSkeleton() {
  const { t } = useTranslation("app")
  return (
    <Page>
      <VisuallyHidden role="status">{t("loading")}</VisuallyHidden>
      <Skeleton height={28} width={220} mb={10} />
      <Skeleton height={14} width={340} mb={28} />
      <Skeleton height={380} radius="lg" />
    </Page>
  )
}
