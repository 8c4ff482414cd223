import { CommanderError } from 'commander';
import { ApiRefused } from './api/api.errors.js';
import { CliError, exitCodes, type ExitCode } from './exit-codes.js';
import { buildProgram } from './program.js';
import { type GlobalOptions, terminalFor } from './session.js';
import type { Terminal, World } from './terminal/terminal.js';

/** Runs one command line and answers its exit code. What went wrong has been told by then. */
export async function run(world: World, argv: readonly string[]): Promise<ExitCode> {
  const program = buildProgram(world);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    const options = program.opts<GlobalOptions>();
    return tell(error, terminalFor(world, options), options);
  }
}

function tell(error: unknown, terminal: Terminal, { json }: GlobalOptions): ExitCode {
  if (error instanceof CommanderError) {
    // Help and version are asked for; help in place of a command that is missing is not.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (!(error instanceof CliError)) throw error;
  if (json && error instanceof ApiRefused) terminal.warn(JSON.stringify(error.problem));
  else terminal.warn(terminal.noteStyle.bad(error.message));
  return error.exitCode;
}
