import type { FastifyInstance, FastifyReply } from "fastify"
import { withLink } from "../api/access.ts"
import type { Subscription, Unsubscribe } from "./unsubscribe.ts"
import { languageOf, unsubscribeWords } from "./unsubscribe-words.ts"

/**
 * `/unsubscribe/:token`, where a message's own link leads. Only a POST changes anything, because mail scanners
 * open every link; `List-Unsubscribe-Post` of a mail client is such a POST.
 */
export const unsubscribeRoutes = (unsubscribe: Unsubscribe) => async (fastify: FastifyInstance) => {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser("*", { parseAs: "string", bodyLimit: 4_096 }, (_request, body, done) =>
    done(null, body),
  )
  const options = { config: { access: withLink } }
  fastify.get<{ Params: { token: string } }>("/unsubscribe/:token", options, async (request, reply) =>
    answer(reply, await unsubscribe.find(request.params.token), false),
  )
  fastify.post<{ Params: { token: string } }>("/unsubscribe/:token", options, async (request, reply) =>
    answer(reply, await unsubscribe.confirm(request.params.token), true),
  )
}

const answer = (reply: FastifyReply, found: Subscription | undefined, isDone: boolean) => {
  const language = languageOf(found?.language)
  const words = unsubscribeWords[language]
  const form = `<form method="post"><button>${words.confirm}</button></form>`
  const content =
    found === undefined
      ? `<p>${words.unknown}</p>`
      : isDone
        ? `<p>${words.done(escaped(found.workspace))}</p>`
        : `<p>${words.ask(escaped(found.workspace))}</p>${form}`
  return reply
    .status(found === undefined ? 404 : 200)
    .type("text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .send(page(language, words.title, content))
}

const page = (language: string, title: string, content: string): string => `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { display: grid; place-items: center; min-height: 90vh; margin: 1rem; background: light-dark(#f6f7f9, #16181d) }
main { max-width: 26rem; padding: 2rem; border-radius: 0.75rem; background: light-dark(#fff, #20242b) }
h1 { font-size: 1.25rem; margin: 0 0 0.5rem }
button { font: inherit; font-weight: 600; padding: 0.6rem 1.2rem; border: 0; border-radius: 0.5rem; background: #2f5bd0; color: #fff; cursor: pointer }
</style></head>
<body><main><h1>${title}</h1>${content}</main></body>
</html>
`

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")
