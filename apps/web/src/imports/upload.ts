import type { ImportView } from "./import.ts"

/** Why a file was not taken: the status that the server answered with, or none when there was no answer. */
export class UploadRefused extends Error {
  readonly status: number | undefined

  constructor(status: number | undefined) {
    super(status === undefined ? "no answer" : `the server answered ${status}`)
    this.status = status
  }
}

/** Hands a file to the server as it is. `onProgress` hears the share that has left, 0 to 1; `signal` stops it. */
export function uploadFile(
  file: File,
  options: { workspace: string; onProgress: (share: number) => void; signal: AbortSignal },
): Promise<ImportView> {
  // `fetch` tells nothing while a body leaves.
  const request = new XMLHttpRequest()
  const query = new URLSearchParams({ workspace: options.workspace, name: file.name })
  return new Promise((resolve, reject) => {
    const stop = () => request.abort()
    options.signal.addEventListener("abort", stop, { once: true })
    request.upload.onprogress = ({ loaded, total }) => options.onProgress(total === 0 ? 1 : loaded / total)
    request.onload = () => {
      if (request.status === 201) resolve(request.response as ImportView)
      else reject(new UploadRefused(request.status))
    }
    request.onerror = () => reject(new UploadRefused(undefined))
    request.onabort = () => reject(options.signal.reason ?? new UploadRefused(undefined))
    request.onloadend = () => options.signal.removeEventListener("abort", stop)
    request.open("POST", `/api/imports?${query}`)
    request.responseType = "json"
    request.setRequestHeader("content-type", "text/csv")
    request.send(file)
  })
}
