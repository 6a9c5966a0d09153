import { useRef } from "react"
import classes from "./fields.module.css"
import { JsonArea, type JsonFieldProps } from "./JsonField.tsx"
import { type TextElement, useCompletion } from "./use-completion.tsx"
import { useJsonText } from "./use-json-text.ts"
import { VariableMenu } from "./VariableMenu.tsx"

/** JSON whose texts are templates: the values that exist at this node are offered while a tag is typed. */
export function JsonTemplateField({ node, ...props }: JsonFieldProps & { node: string }) {
  const field = useRef<TextElement | null>(null)
  const json = useJsonText(props.value, props.onChange)
  const completion = useCompletion({ node, links: false, text: json.text, field, write: json.type })
  return (
    <div className={classes.template}>
      <JsonArea
        {...props}
        json={json}
        onType={area => {
          json.type(area.value)
          completion.follow(area)
        }}
        more={{
          ref: element => {
            field.current = element
          },
          rightSection: <VariableMenu onInsert={completion.insert} />,
          rightSectionProps: { style: { alignItems: "flex-start", paddingTop: 4 } },
          ...completion.props,
        }}
      />
      {completion.list}
    </div>
  )
}
