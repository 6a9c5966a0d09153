import type { KeptHistory } from "./session.ts"

const databaseName = "viaggio"
const storeName = "histories"

/** Where this browser keeps the steps of undo; without a database (a private window) nothing is kept. */
export type HistoryStore = {
  read: (journey: string) => Promise<KeptHistory | undefined>
  write: (journey: string, kept: KeptHistory) => void
}

/** `journey` names workspace and journey; the last revision of each is kept. */
export const browserHistories: HistoryStore = {
  async read(journey) {
    try {
      const database = await open()
      const kept = await settled(database.transaction(storeName).objectStore(storeName).get(journey))
      database.close()
      return isKept(kept) ? kept : undefined
    } catch {
      return undefined
    }
  },
  write(journey, kept) {
    void open().then(
      database => {
        const transaction = database.transaction(storeName, "readwrite")
        transaction.objectStore(storeName).put(kept, journey)
        transaction.oncomplete = () => database.close()
      },
      // Undo works on; only a reload forgets it.
      () => undefined,
    )
  },
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(databaseName, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(storeName)
  return settled(request)
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function isKept(value: unknown): value is KeptHistory {
  return typeof value === "object" && value !== null && "revision" in value && "history" in value
}
