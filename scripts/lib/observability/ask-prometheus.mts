import type { Query } from './queries.mts';

const HOUR_S = 3600;

/** How many series answer a query over the last hour, or why it cannot be answered. */
export async function ask(
  url: string,
  { expr }: Query,
): Promise<{ series: number } | { error: string }> {
  const now = Math.floor(Date.now() / 1000);
  const range = { start: String(now - HOUR_S), end: String(now), step: '30' };
  const response = await fetch(new URL('api/v1/query_range', withSlash(url)), {
    method: 'POST',
    body: new URLSearchParams({ query: expr, ...range }),
  });
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
