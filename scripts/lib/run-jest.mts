import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository } from './repository.mts';

export interface Sums {
  passed: number;
  failed: number;
  /** Skipped and to do. */
  skipped: number;
}

export interface JestOptions {
  /** A project of jest.config.js. */
  project: string;
  args: string[];
  env: Record<string, string | undefined>;
  signal: AbortSignal;
}

/**
 * Runs one project of Jest and reads the sums from its report, not from its words. A file that does
 * not even load counts as one failure, and so does a run that ends without a report.
 */
export async function runJest({ project, args, env, signal }: JestOptions): Promise<Sums> {
  const folder = mkdtempSync(join(tmpdir(), 'offload-jest-'));
  const report = join(folder, 'report.json');
  try {
    const code = await run(
      ['--selectProjects', project, '--json', `--outputFile=${report}`, ...args],
      { ...process.env, NODE_ENV: 'test', ...env },
      signal,
    );
    return withExitCode(read(report), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(
  args: string[],
  env: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve) => {
    const jest = inRepository('node_modules/jest/bin/jest.js');
    const child = spawn(process.execPath, [jest, ...args], {
      cwd: inRepository(),
      env,
      signal,
      // With --json the report is also written to standard output; the words go to standard error.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function read(report: string): Sums {
  try {
    const parsed = JSON.parse(readFileSync(report, 'utf8')) as Report;
    return {
      passed: parsed.numPassedTests,
      failed: parsed.numFailedTests + parsed.numRuntimeErrorTestSuites,
      skipped: parsed.numPendingTests + parsed.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function withExitCode(sums: Sums, code: number): Sums {
  return code !== 0 && sums.failed === 0 ? { ...sums, failed: 1 } : sums;
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
}
