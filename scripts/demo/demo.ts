/**
 * The whole path, once, for real: makes the billing example with the command line, starts it next to a fake
 * billing system, and drives it with the official client over stdio and HTTP in both protocol eras.
 * Exits 0 only if every scene held; leaves the project behind.
 */
import process from 'node:process';

import { WIRES } from './connection.ts';
import { makeProject } from './project.ts';
import { badArguments, busy, emptyList, goodRead, notFound } from './scenes/reading.ts';
import { conflict, refundTwice, tooLarge, unknownOutcome } from './scenes/refunds.ts';
import { missingScope, writesOff } from './scenes/refusals.ts';
import { playScenes } from './stage.ts';
import { printHeading, printStep } from './transcript.ts';

const SCENES = [
  goodRead,
  emptyList,
  badArguments,
  missingScope,
  writesOff,
  refundTwice,
  conflict,
  tooLarge,
  notFound,
  busy,
  unknownOutcome,
];

printHeading('The billing example: created, installed, checked, tested and built');
const project = await makeProject();

const failed: string[] = [];
for (const wire of WIRES) failed.push(...(await playScenes(project, wire, SCENES)));

printHeading(`${WIRES.length * SCENES.length - failed.length} of ${WIRES.length * SCENES.length} scenes held`);
for (const title of failed) printStep(`✗ ${title}`);
printStep(`The project is yours to look at: ${project}`);
printStep('Every call stands in its data/*.audit.jsonl; start reading at src/index.ts and SECURITY.md.');
if (failed.length > 0) process.exitCode = 1;
