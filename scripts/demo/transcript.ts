/** Lays out what happened for a reader: request → answer → effects. */
import process from 'node:process';
import { styleText } from 'node:util';

import type { Effects } from './ledger.ts';
import type { Scene } from './scene.ts';

const WIDTH = 116;

export function printHeading(text: string): void {
  console.log(`\n${style('bold', text)}`);
}

export function printStep(text: string): void {
  console.log(`  ${text}`);
}

export function printRequest(tool: string, args: unknown): void {
  printWrapped('→', `${tool} ${JSON.stringify(args)}`);
}

/** What an operator runs; its own output follows. */
export function printCommand(args: readonly string[]): void {
  printWrapped('$', `npm run operations -- ${args.join(' ')}`);
}

export function printAnswer(text: string, replayed: boolean): void {
  printWrapped('←', replayed ? `${text} (replayed)` : text);
}

export function printEffects({ refunds, creditNotes, emails }: Effects): void {
  const counted = [count(refunds, 'refund'), count(creditNotes, 'credit note'), count(emails, 'e-mail change')];
  printStep(`effects counted at the upstream: ${counted.join(', ')}`);
}

export function printVerdict(fault: unknown): void {
  if (fault === undefined) printStep(style('green', '✓ held'));
  else printStep(`${style('red', '✗ did not hold:')} ${fault instanceof Error ? fault.message : String(fault)}`);
}

/** One row per scene, one column per kind of connection. */
export function printTable(
  wires: readonly string[],
  scenes: readonly Scene[],
  held: (wire: string, scene: Scene) => boolean,
): void {
  printStep(wires.map((wire) => wire.padEnd(COLUMN)).join(''));
  for (const scene of scenes) {
    const marks = wires.map((wire) => (held(wire, scene) ? '✓' : '✗').padEnd(COLUMN));
    printStep(`${marks.join('')}${scene.title}`);
  }
}

const COLUMN = 18;

function printWrapped(mark: string, text: string): void {
  // Breaks after a blank or a comma where there is one.
  const lines = text.match(new RegExp(`.{1,${WIDTH}}(?:(?<=[ ,])|$)|.{1,${WIDTH}}`, 'gsu')) ?? [];
  lines.forEach((line, index) => printStep(`${style('cyan', index === 0 ? mark : ' ')} ${line}`));
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function style(format: 'bold' | 'cyan' | 'green' | 'red', text: string): string {
  return styleText(format, text, { stream: process.stdout });
}
