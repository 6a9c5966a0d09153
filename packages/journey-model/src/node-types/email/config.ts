import * as z from "zod"

export const schema = z.strictObject({
  purpose: z.enum(["marketing", "transactional"]),
  topic: z.string().max(200).exactOptional(),
  from: z
    .strictObject({ name: z.string().max(200).exactOptional(), email: z.string().max(320) })
    .exactOptional(),
  subject: z.string().max(1000),
  preheader: z.string().max(1000).exactOptional(),
  html: z.string().max(500_000),
  text: z.string().max(500_000).exactOptional(),
  tracking: z
    .strictObject({ opens: z.boolean().default(true), clicks: z.boolean().default(true) })
    .default({ opens: true, clicks: true }),
})

/** One e-mail. `text` absent: made from the HTML; `from` absent: the workspace's sender. */
export type EmailConfig = z.infer<typeof schema>
