/** GitHub's page numbers and Link headers. `per_page` is at most 100, 30 when absent; a bad number falls back to it. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly headers: Readonly<Record<string, string>>
}

export function paginate<Row>(rows: readonly Row[], url: URL): Page<Row> {
  const size = Math.min(100, positive(url.searchParams.get('per_page')) ?? 30)
  const page = positive(url.searchParams.get('page')) ?? 1
  const last = Math.max(1, Math.ceil(rows.length / size))
  const links = [
    ...(page > 1 ? [link(url, Math.min(page - 1, last), 'prev'), link(url, 1, 'first')] : []),
    ...(page < last ? [link(url, page + 1, 'next'), link(url, last, 'last')] : []),
  ]
  return {
    rows: rows.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  }
}

function positive(text: string | null): number | undefined {
  const number = Number(text)
  return text && Number.isInteger(number) && number > 0 ? number : undefined
}

function link(url: URL, page: number, rel: string): string {
  const to = new URL(url)
  to.searchParams.set('page', String(page))
  return `<${to.href}>; rel="${rel}"`
}
