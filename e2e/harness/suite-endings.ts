type Ending = () => Promise<void>;

const endings: Ending[] = [];

/**
 * Answers a way to say what is to be ended with the suite; the last named ends first. Jest runs
 * `afterAll` in the order of definition, so that servers would stop before what works on them. Call
 * it inside `describe`.
 */
export function suiteEndings(): (ending: Ending) => void {
  afterAll(endAll);
  return (ending) => void endings.push(ending);
}

/** Tries every ending, and throws what the first that failed said. */
async function endAll(): Promise<void> {
  const failures: unknown[] = [];
  for (const ending of endings.splice(0).toReversed()) {
    await ending().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
