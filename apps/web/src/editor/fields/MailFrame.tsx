import classes from "./fields.module.css"
import { isolateHtml } from "./isolate-html.ts"

/**
 * An e-mail as its reader would see it. The sandbox lets nothing out: no scripts, no forms, no navigation; the
 * page inside is white because that is what a mail is written for. `isolated`: pictures from elsewhere are not
 * loaded either.
 */
export function MailFrame(props: { title: string; subject: string; html: string; isolated?: boolean }) {
  return (
    <div className={classes.mail}>
      <div className={classes.mailSubject}>{props.subject}</div>
      <iframe
        className={classes.mailFrame}
        title={props.title}
        sandbox=""
        srcDoc={props.isolated ? isolateHtml(props.html) : props.html}
      />
    </div>
  )
}
