import { ActionIcon, Tooltip } from "@mantine/core"
import { IconMaximize, IconMinus, IconPlus, IconSitemap } from "@tabler/icons-react"
import { useStore } from "@xyflow/react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../app/format.ts"
import { toolbarTab, walkToolbar } from "../keyboard/toolbar-keys.ts"
import { tidyUp } from "../session/commands.ts"
import { useSession } from "../session/session-context.ts"
import classes from "./canvas.module.css"
import { useRefusal } from "./use-refusal.ts"
import { useViewMoves } from "./use-view-moves.ts"

/** Zoom, fit and tidy up. */
export function ZoomControls() {
  const { t } = useTranslation("editor")
  const view = useViewMoves()
  const session = useSession()
  const format = useFormat()
  const refuse = useRefusal()
  const percent = useStore(state => Math.round(state.transform[2] * 100))
  const tidy = async () => {
    const refusal = await tidyUp(session)
    if (refusal) refuse(refusal)
  }
  const buttons = [
    { key: "out", Icon: IconMinus, run: view.zoomOut },
    { key: "in", Icon: IconPlus, run: view.zoomIn },
    { key: "fit", Icon: IconMaximize, run: view.fit },
    ...(session.readOnly ? [] : [{ key: "tidy", Icon: IconSitemap, run: tidy } as const]),
  ] as const
  return (
    <div className={classes.zoom} role="toolbar" aria-label={t("zoom.title")} onKeyDown={walkToolbar}>
      {buttons.map(({ key, Icon, run }, index) => (
        <span key={key} style={{ display: "contents" }}>
          <Tooltip label={t(`zoom.${key}`)}>
            <ActionIcon
              variant="subtle"
              color="gray"
              tabIndex={toolbarTab(index)}
              aria-label={t(`zoom.${key}`)}
              onClick={() => void run()}
            >
              <Icon size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          {index === 0 && <span className={classes.percent}>{format.percent(percent / 100)}</span>}
        </span>
      ))}
    </div>
  )
}
