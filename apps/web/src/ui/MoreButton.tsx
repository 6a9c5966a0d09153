import { Button, Center } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { Pages } from "../app/pages.ts"

/** Below a list that comes page by page: gets the next one. Nothing where all is there. */
export function MoreButton({ pages }: { pages: Pages }) {
  const { t } = useTranslation("ui")
  if (!pages.hasNextPage) return null
  return (
    <Center p="md">
      <Button
        variant="default"
        loading={pages.isFetchingNextPage}
        onClick={() => pages.fetchNextPage({ cancelRefetch: false })}
      >
        {t("more")}
      </Button>
    </Center>
  )
}
