/** What one service serves under /metrics, read as Prometheus would read it. */
export class Scrape {
  /** The names that are served, with or without values. */
  readonly names: Set<string>;
  private readonly samples: Sample[];

  static async of(url: string): Promise<Scrape> {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) });
    return new Scrape(await answer.text());
  }

  constructor(text: string) {
    const lines = text.split('\n');
    this.names = new Set(lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []));
    this.samples = lines.filter((line) => line !== '' && !line.startsWith('#')).map(readSample);
  }

  /** How many series there are. */
  get size(): number {
    return this.samples.length;
  }

  /** The sum of the series that have these labels; undefined when there is none. */
  value(name: string, labels: Record<string, string> = {}): number | undefined {
    const found = this.samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  }

  /** Every value that a label of a metric has; a histogram is named without its suffix. */
  labelValues(name: string, label: string): Set<string> {
    const ofIt = new Set([name, ...['_bucket', '_sum', '_count'].map((suffix) => name + suffix)]);
    return new Set(
      this.samples
        .filter((each) => ofIt.has(each.name))
        .flatMap((each) => each.labels[label] ?? []),
    );
  }
}

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

function readSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = /^([\w:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, label = '', text = '']) => [label, text])),
    value: Number(value),
  };
}
