import type { Query } from './queries.mts';

/** How many series answer a query at this moment, or why it cannot be answered. */
export async function ask(
  url: string,
  { expr }: Query,
): Promise<{ series: number } | { error: string }> {
  const body = new URLSearchParams({ query: expr });
  const response = await fetch(new URL('api/v1/query', withSlash(url)), { method: 'POST', body });
  const answer = (await response.json()) as {
    status: string;
    error?: string;
    data?: { result: unknown[] };
  };
  if (answer.status !== 'success') return { error: answer.error ?? `HTTP ${response.status}` };
  return { series: answer.data?.result.length ?? 0 };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
