/** Lays out what happened for a reader: request → answer → effects. */
import process from 'node:process';
import { styleText } from 'node:util';

import type { Effects } from './ledger.ts';

const WIDTH = 116;

export function printHeading(text: string): void {
  console.log(`\n${style('bold', text)}`);
}

export function printStep(text: string): void {
  console.log(`  ${text}`);
}

export function printExchange(tool: string, args: unknown, answer: string): void {
  console.log(`  ${style('cyan', '→')} ${tool} ${shorten(JSON.stringify(args))}`);
  console.log(`  ${style('cyan', '←')} ${shorten(answer)}`);
}

export function printEffects(effects: Effects): void {
  const { refunds, creditNotes, emails } = effects;
  console.log(`  effects at the upstream: ${refunds} refunds, ${creditNotes} credit notes, ${emails} e-mail changes`);
}

export function printVerdict(fault: unknown): void {
  if (fault === undefined) console.log(`  ${style('green', '✓ held')}`);
  else console.log(`  ${style('red', '✗ did not hold:')} ${fault instanceof Error ? fault.message : String(fault)}`);
}

/** Long answers are cut in the middle, where JSON is dullest. */
function shorten(text: string): string {
  const most = 4 * WIDTH;
  if (text.length <= most) return text;
  return `${text.slice(0, most - 80)} … ${text.slice(-70)}`;
}

function style(format: 'bold' | 'cyan' | 'green' | 'red', text: string): string {
  return styleText(format, text, { stream: process.stdout });
}
