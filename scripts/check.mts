import { runScript } from './lib/lifetime.mts';
import { inRepository } from './lib/repository.mts';
import { runProgram } from './lib/run-program.mts';

interface Step {
  name: string;
  command: string[];
  /** The command that mends it, or shows it alone. */
  remedy: string;
}

const CODE = ['apps', 'libs', 'deploy', 'observability', 'e2e', 'bench', 'scripts'];

const STEPS: Step[] = [
  {
    name: 'format',
    command: ['prettier', '--check', '--log-level=warn', '.'],
    remedy: 'npm run format',
  },
  {
    name: 'lint',
    command: ['oxlint', '--type-aware', '--deny-warnings', ...CODE],
    remedy: `npx oxlint --type-aware --fix ${CODE.join(' ')}`,
  },
  { name: 'types', command: ['tsc', '--noEmit'], remedy: 'npx tsc --noEmit' },
  {
    name: 'imports',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', ...CODE],
    remedy: `npx depcruise --config .dependency-cruiser.cjs ${CODE.join(' ')}`,
  },
  {
    name: 'generated',
    command: ['node', 'scripts/generate.mts', '--check'],
    remedy: 'npm run generate',
  },
  {
    name: 'kubernetes',
    command: ['node', 'scripts/check-k8s.mts'],
    remedy: 'npm run check:k8s',
  },
  {
    name: 'observed',
    command: ['node', 'scripts/check-observability.mts'],
    remedy: 'npm run check:observability',
  },
  {
    name: 'unit',
    command: ['node', 'scripts/test.mts', 'unit', '--silent'],
    remedy: 'npm run test:unit',
  },
];

/**
 * npm run check [-- --without=<step>]
 *
 * The one command before a commit. Every step runs, also after one that failed; what failed is listed
 * at the end with the command that mends it.
 */
await runScript(async (lifetime) => {
  const without = process.argv.find((each) => each.startsWith('--without='))?.split('=')[1];
  const failed: Step[] = [];
  for (const step of STEPS.filter(({ name }) => name !== without)) {
    if (lifetime.signal.aborted) break;
    if (!(await passes(step, lifetime.signal))) failed.push(step);
  }
  for (const { name, remedy } of failed) console.log(`${name} failed. Next: ${remedy}`);
  return failed.length === 0 ? 0 : 1;
});

async function passes({ name, command }: Step, signal: AbortSignal): Promise<boolean> {
  const [program = '', ...args] = command;
  const startedAt = Date.now();
  const { code, output } = await runProgram(program, args, { cwd: inRepository(), signal });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds.padStart(5)} s`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}
