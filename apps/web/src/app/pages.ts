import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"

type PageOf<Item> = { items: Item[]; next?: string | undefined }

/**
 * A list that the server gives page by page. `load` asks for the page before a mark, or for the first one; `everyMs`
 * asks again, but only while nobody has gone on to the second page.
 */
export function usePages<Item>(list: {
  queryKey: readonly unknown[]
  load: (page: { before?: string }) => Promise<PageOf<Item>>
  everyMs?: number
}) {
  const pages = useInfiniteQuery({
    queryKey: [...list.queryKey, "pages"],
    queryFn: ({ pageParam }) => list.load(pageParam === undefined ? {} : { before: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.next,
    placeholderData: keepPreviousData,
    refetchInterval: query =>
      list.everyMs !== undefined && (query.state.data?.pages.length ?? 1) === 1 ? list.everyMs : false,
  })
  return { ...pages, items: pages.data?.pages.flatMap(page => page.items) ?? [] }
}

export type Pages = Pick<ReturnType<typeof usePages>, "hasNextPage" | "isFetchingNextPage" | "fetchNextPage">
