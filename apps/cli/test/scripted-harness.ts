import { type Ran, runLine } from './run-line.js';
import { ScriptedApi } from './scripted-api.js';

/** A scripted API for a suite, and command lines that ask it. Call it inside `describe`. */
export function scriptedHarness(): {
  api: () => ScriptedApi;
  offload: (argv: string[], around?: { input?: string; signal?: AbortSignal }) => Promise<Ran>;
} {
  let api = new ScriptedApi();

  beforeEach(async () => {
    api = new ScriptedApi();
    await api.start();
  });

  afterEach(() => api.stop());

  return {
    api: () => api,
    offload: (argv, around = {}) => runLine(argv, { ...around, url: api.url }),
  };
}
