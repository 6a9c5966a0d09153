import type { Problem } from "@viaggio/journey-model"
import { useSentence } from "../../app/sentence.ts"

/** Says the errors that name one field; a warning stays in the list and does not redden a field. */
export function useProblemText(problems: readonly Problem[]): (at: string) => string | undefined {
  const say = useSentence()
  return at => {
    const problem = problems.find(each => each.at === at && each.severity === "error")
    return problem && say(problem)
  }
}
