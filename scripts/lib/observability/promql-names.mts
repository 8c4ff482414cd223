/** What a PromQL expression speaks of: its selectors, and the labels that it groups or joins by. */
export interface Names {
  selectors: Selector[];
  labels: string[];
}

export interface Selector {
  metric: string;
  matchers: Matcher[];
}

export interface Matcher {
  label: string;
  operator: string;
  value: string;
}

/**
 * Every metric and label that an expression names. It reads words, not grammar: that the expression is
 * valid is promtool's to say, and what it says nothing about is whether the names exist.
 */
export function namesIn(expression: string): Names {
  const tokens = expression.match(TOKEN)?.filter((token) => !token.startsWith('#')) ?? [];
  const names: Names = { selectors: [], labels: [] };
  for (let at = 0; at < tokens.length; at++) {
    const [token = '', next] = tokens.slice(at, at + 2);
    if (LISTS.has(token) && next === '(') {
      const end = tokens.indexOf(')', at);
      names.labels.push(...tokens.slice(at + 2, end).filter((each) => each !== ','));
      at = end;
    } else if (token === '{') {
      const end = tokens.indexOf('}', at);
      names.selectors.at(-1)?.matchers.push(...matchersIn(tokens.slice(at + 1, end)));
      at = end;
    } else if (WORD.test(token) && next !== '(' && !KEYWORDS.has(token)) {
      names.selectors.push({ metric: token, matchers: [] });
    }
  }
  return names;
}

function matchersIn(tokens: string[]): Matcher[] {
  return tokens.flatMap((label, at) => {
    const [operator = '', quoted = ''] = tokens.slice(at + 1, at + 3);
    if (!WORD.test(label) || !OPERATORS.has(operator)) return [];
    return { label, operator, value: quoted.slice(1, -1) };
  });
}

const WORD = /^[a-zA-Z_:][\w:]*$/;
const TOKEN = /#.*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[a-zA-Z_:][\w:]*|\d[\w.]*|[=!]~|!=|\S/g;
const OPERATORS = new Set(['=', '!=', '=~', '!~']);
const LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const KEYWORDS = new Set([
  ...LISTS,
  ...['and', 'or', 'unless', 'offset', 'bool', 'atan2', 'inf', 'nan', 'Inf', 'NaN'],
  ...['sum', 'min', 'max', 'avg', 'count', 'group', 'stddev', 'stdvar', 'topk', 'bottomk'],
  ...['count_values', 'quantile'],
]);
