import { type AudienceAsk, workAudience } from "./audience-work.ts"

self.addEventListener("message", (event: MessageEvent<AudienceAsk>) => {
  workAudience(event.data, answer => self.postMessage(answer))
})
