import { Component, type ReactNode } from "react"
import { ErrorPage } from "./ErrorPage.tsx"

/** The last net: an error outside of every page still shows words instead of a blank screen. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    if (this.state.error === undefined) return this.props.children
    return (
      <main>
        <ErrorPage error={this.state.error} reset={() => this.setState({ error: undefined })} />
      </main>
    )
  }
}
