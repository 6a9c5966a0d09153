import { getRouteApi } from "@tanstack/react-router"
import EditorPage from "../editor/EditorPage.tsx"

const route = getRouteApi("/w/$workspace/journeys/$key")

/** The editor of one journey; a new key is a new editor, nothing is carried over. */
export default function JourneyPage() {
  const { key } = route.useParams()
  const { node } = route.useSearch()
  return <EditorPage key={key} journeyKey={key} node={typeof node === "string" ? node : undefined} />
}
