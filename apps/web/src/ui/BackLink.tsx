import { Anchor, type AnchorProps } from "@mantine/core"
import { IconArrowLeft } from "@tabler/icons-react"
import { createLink } from "@tanstack/react-router"
import type { ComponentProps } from "react"
import classes from "./BackLink.module.css"

/** Above a page's title: the way back to the list that it belongs to. */
export const BackLink = createLink(({ children, ...props }: AnchorProps & ComponentProps<"a">) => (
  <Anchor size="sm" underline="hover" {...props} className={classes.root ?? ""}>
    <IconArrowLeft size={14} aria-hidden />
    {children}
  </Anchor>
))
