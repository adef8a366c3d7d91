/**
 * The whole path, once, for real: makes the billing example with the command line, starts it next to a fake
 * billing system, and drives it with the official client over stdio and HTTP in both protocol eras.
 * Exits 0 only if every scene held; leaves the project behind.
 */
import process from 'node:process';

import { nameWire, WIRES } from './connection.ts';
import { makeProject } from './project.ts';
import type { Scene } from './scene.ts';
import { badArguments, busy, emptyList, goodRead, notFound } from './scenes/reading.ts';
import { approval, conflict, notPaid, refundTwice, sentAgain, tooLarge, unknownOutcome } from './scenes/refunds.ts';
import { missingScope, writesOff } from './scenes/refusals.ts';
import { playScenes } from './stage.ts';
import { printHeading, printStep, printTable } from './transcript.ts';

const SCENES = [
  goodRead,
  emptyList,
  badArguments,
  missingScope,
  writesOff,
  refundTwice,
  conflict,
  notPaid,
  tooLarge,
  approval,
  notFound,
  busy,
  sentAgain,
  unknownOutcome,
];

printHeading('The billing example: created, installed, checked, tested and built');
const project = await makeProject();

const failed = new Map<string, ReadonlySet<Scene>>();
for (const wire of WIRES) failed.set(nameWire(wire), await playScenes(project, wire, SCENES));

const total = WIRES.length * SCENES.length;
const faults = [...failed.values()].reduce((sum, scenes) => sum + scenes.size, 0);
printHeading(`${total - faults} of ${total} scenes held`);
printTable(WIRES.map(nameWire), SCENES, (wire, scene) => failed.get(wire)?.has(scene) === false);
printHeading(`The project is yours to look at: ${project}`);
printStep('Start with src/index.ts and SECURITY.md; every call of the scenes stands in data/*.audit.jsonl.');
if (faults > 0) process.exitCode = 1;
