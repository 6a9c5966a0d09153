import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

export type TestMailRow = {
  id: string
  at: number
  recipient: string
  sent_by: string
  via: "smtp" | "mailbox"
  journey: string | null
  node: string | null
  customer: string | null
  subject: string
  body_text: string
  html: string
  error: string | null
}

/** Notes a test mail, and forgets those of the workspace that are older than a month. */
export const addTestMail = statement<Omit<TestMailRow, "at"> & { workspace: number; at: string }>(
  "test_mail_add",
  sql`WITH past AS (
        DELETE FROM test_mails WHERE workspace_id = ${value("workspace", "int")}
          AND at < ${value("at", "timestamptz")} - interval '30 days')
      INSERT INTO test_mails (id, workspace_id, at, recipient, sent_by, via, journey, node, customer, subject, body_text, html, error)
      VALUES (${value("id", "uuid")}, ${value("workspace", "int")}, ${value("at", "timestamptz")}, ${value("recipient", "text")},
              ${value("sent_by", "text")}, ${value("via", "text")}, ${value("journey", "text")}, ${value("node", "text")},
              ${value("customer", "text")}, ${value("subject", "text")}, ${value("body_text", "text")},
              ${value("html", "text")}, ${value("error", "text")})`,
)

export const listTestMails = statement<{ workspace: number }, TestMailRow>(
  "test_mail_list",
  sql`SELECT id, ${ms("at")} AS at, recipient, sent_by, via, journey, node, customer, subject, body_text, html, error
      FROM test_mails WHERE workspace_id = ${value("workspace", "int")} ORDER BY at DESC, id DESC LIMIT 50`,
)
