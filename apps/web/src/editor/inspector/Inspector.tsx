import { ActionIcon } from "@mantine/core"
import { IconX } from "@tabler/icons-react"
import { type ReactNode, Suspense, useRef } from "react"
import { useTranslation } from "react-i18next"
import { InspectorContent } from "../later.ts"
import { useSession } from "../session/session-context.ts"
import classes from "./inspector.module.css"
import { useResizableWidth } from "./use-resizable-width.ts"

/** The panel for what is selected. It stands at once, so that nothing jumps; its forms come after the canvas. */
export function Inspector({ focusCanvas, isFilled }: { focusCanvas: () => void; isFilled: boolean }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const panel = useRef<HTMLElement>(null)
  const resize = useResizableWidth()
  const content: ReactNode = isFilled && (
    <Suspense fallback={null}>
      <InspectorContent panel={panel} />
    </Suspense>
  )
  return (
    <aside
      ref={panel}
      className={classes.panel}
      style={{ width: resize.width }}
      aria-label={t("inspector.title")}
      data-inspector
      onKeyDown={event => {
        if (event.key !== "Escape" || event.defaultPrevented) return
        event.stopPropagation()
        focusCanvas()
      }}
    >
      <div className={classes.resizer} {...resize.handlers} aria-hidden />
      <ActionIcon
        className={classes.close ?? ""}
        variant="subtle"
        color="gray"
        aria-label={t("inspector.close")}
        onClick={() => {
          session.show("inspector", false)
          focusCanvas()
        }}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
      {session.readOnly ? (
        <fieldset disabled className={classes.readOnly}>
          {content}
        </fieldset>
      ) : (
        content
      )}
    </aside>
  )
}
