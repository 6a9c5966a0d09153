import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core"
import { createLink } from "@tanstack/react-router"
import type { ComponentProps } from "react"

/** A link of the app that looks like a text link. */
export const TextLink = createLink((props: AnchorProps & ComponentProps<"a">) => <Anchor {...props} />)

/** A link of the app that looks like a button; it stays a link, so it can be opened in a new tab. */
export const ButtonLink = createLink((props: ButtonProps & ComponentProps<"a">) => (
  <Button component="a" {...props} />
))
