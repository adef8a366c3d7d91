/** The terminal of this process: what goes to stdout, what to stderr, and whether in colour. */
import { styleText } from 'node:util';

import type { Style, Terminal } from '../commands/terminal.ts';
import { runStep } from './step.ts';

export interface TerminalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Whether this stream shows colours: a terminal, unless `NO_COLOR` (no-color.org) or a dumb one says otherwise. */
export function showsColour(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Under `--json`, stdout belongs to the one JSON document, so that all text goes to stderr. */
export function openTerminal(options: TerminalOptions, process: NodeJS.Process): Terminal {
  const out = options.json ? process.stderr : process.stdout;
  const colour = showsColour(out, process.env);
  const write = (stream: NodeJS.WriteStream, text: string) =>
    void stream.write(text.endsWith('\n') ? text : `${text}\n`);

  return {
    interactive: !options.json && process.stdin.isTTY && process.stdout.isTTY,
    colour,
    print: (text) => void (options.quiet || write(out, text)),
    report: (text) => write(out, text),
    complain: (text) => write(process.stderr, text),
    paint: (style: Style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
    step: (title, work) =>
      options.quiet
        ? work()
        : runStep({
            title,
            work,
            stream: process.stderr,
            colour: showsColour(process.stderr, process.env),
          }),
  };
}
