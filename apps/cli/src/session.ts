import type { Command } from 'commander';
import { Api } from './api/api.js';
import { readSettings } from './settings.js';
import { span } from './terminal/times.js';
import { Terminal, type World } from './terminal/terminal.js';
import { pretty } from './terminal/details.js';

/** What the options before and after every command say. */
export interface GlobalOptions {
  url?: string;
  apiKeyFile?: string;
  json?: boolean;
  quiet?: boolean;
  color: boolean;
}

/** One run of one command. */
export interface Session {
  api: Api;
  terminal: Terminal;
  /** Machine output: what the API answered, as one document. */
  isJson: boolean;
  now: () => Date;
  /** Prints the document with --json, else the text. */
  show: (document: unknown, text: () => string) => void;
}

/** Begins a session for a command. Throws UsageError when there is no API key. */
export type Start = (command: Command) => Session;

export function startIn(world: World): Start {
  return (command) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const terminal = terminalFor(world, options);
    const api = new Api({
      ...readSettings(options, world.env),
      signal: world.signal,
      onWait: ({ message }, waitMs) => {
        const [firstLine] = message.split('\n');
        terminal.note(`${firstLine} Trying again in ${span(Math.max(1000, waitMs) / 1000)}.`);
      },
    });
    const isJson = options.json ?? false;
    return {
      api,
      terminal,
      isJson,
      now: world.now,
      show: (document, text) => terminal.print(isJson ? pretty(document) : text()),
    };
  };
}

export function terminalFor(world: World, { quiet, color }: GlobalOptions): Terminal {
  return new Terminal(world, { isQuiet: quiet ?? false, ...(!color && { isColoured: false }) });
}
