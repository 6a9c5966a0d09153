import { describeNode, type JourneyNode } from "@viaggio/journey-model"
import { useSentence } from "../../app/sentence.ts"
import { sayTemplates, useNodeWords } from "../../node-types/words.ts"

export type PictureWords = {
  name: (node: JourneyNode) => string
  sentence: (node: JourneyNode) => string
  outcome: (node: JourneyNode, outcome: string) => string
}

/** What a picture says on its cards, in the person's language. */
export function usePictureWords(): PictureWords {
  const say = useSentence()
  const words = useNodeWords()
  return {
    name: words.nodeName,
    sentence: node => sayTemplates(say(describeNode(node))),
    outcome: words.outcomeName,
  }
}
