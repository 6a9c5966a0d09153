import { Textarea, TextInput } from "@mantine/core"
import { useRef } from "react"
import classes from "./fields.module.css"
import { type TextElement, useCompletion } from "./use-completion.tsx"
import { VariableMenu } from "./VariableMenu.tsx"

/**
 * A text with template tags in it: while a name is typed in a tag, the values that exist at this node are offered.
 * `node`: the one whose message this is. `rows`: least and most lines; without it the field has one.
 */
export function TemplateField(props: {
  node: string
  label: string
  description?: string
  value: string
  at: string
  error: string | undefined
  rows?: readonly [number, number]
  code?: boolean
  links?: boolean
  onChange: (text: string) => void
}) {
  const { value, onChange, links = false } = props
  const field = useRef<TextElement | null>(null)
  const completion = useCompletion({ node: props.node, links, text: value, field, write: onChange })
  const shared = {
    size: "xs",
    label: props.label,
    description: props.description,
    value,
    "data-at": props.at,
    error: props.error,
    spellCheck: !props.code,
    rightSection: <VariableMenu onInsert={completion.insert} {...(links ? { links } : {})} />,
    ...completion.props,
  } as const
  return (
    <div className={classes.template}>
      {props.rows ? (
        <Textarea
          {...shared}
          ref={element => {
            field.current = element
          }}
          autosize
          minRows={props.rows[0]}
          maxRows={props.rows[1]}
          styles={props.code ? { input: { fontFamily: "var(--mantine-font-family-monospace)" } } : {}}
          rightSectionProps={{ style: { alignItems: "flex-start", paddingTop: 4 } }}
          onChange={event => {
            onChange(event.currentTarget.value)
            completion.follow(event.currentTarget)
          }}
        />
      ) : (
        <TextInput
          {...shared}
          ref={element => {
            field.current = element
          }}
          onChange={event => {
            onChange(event.currentTarget.value)
            completion.follow(event.currentTarget)
          }}
        />
      )}
      {completion.list}
    </div>
  )
}
