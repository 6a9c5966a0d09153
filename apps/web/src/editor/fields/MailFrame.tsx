import classes from "./fields.module.css"
import { frameHtml } from "./isolate-html.ts"

/**
 * An e-mail as its reader would see it. The sandbox lets nothing out: no scripts, no forms, no navigation; the
 * page inside is white because that is what a mail is written for, or dark as for readers who like it so.
 * `isolated`: pictures from elsewhere are not loaded either.
 */
export function MailFrame(props: {
  title: string
  subject: string
  preheader?: string | undefined
  html: string
  isolated?: boolean
  scheme?: "light" | "dark"
  heightPx?: number
}) {
  const { scheme = "light", isolated = false } = props
  return (
    <div className={classes.mail}>
      <div className={classes.mailSubject}>
        {props.subject}
        {props.preheader && <span className={classes.mailPreheader}> {props.preheader}</span>}
      </div>
      <iframe
        className={classes.mailFrame}
        style={{ colorScheme: scheme, ...(props.heightPx === undefined ? {} : { height: props.heightPx }) }}
        data-scheme={scheme}
        title={props.title}
        sandbox=""
        srcDoc={frameHtml(props.html, { isolated, scheme })}
      />
    </div>
  )
}
