/** The manifest as text: reading it, its syntax, and what YAML can say that JSON cannot. */
import { entry } from './entry.ts';
import { quote } from './words.ts';

export const TEXT = {
  'manifest-unreadable': entry<{ readonly file: string; readonly reason: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ file, reason }) => `${quote(file)} cannot be read: ${reason}.`,
    why: 'Everything is generated from the manifest.',
    fix: () => 'Name another file with --manifest, or make this one readable.',
    example: 'hardened-mcp generate --manifest hardened-mcp.yaml',
  }),
  'manifest-empty': entry<Record<never, never>>({
    severity: 'error',
    stage: 'manifest',
    message: () => 'The manifest says nothing.',
    why: 'A manifest has at least a version, a server and one tool.',
    fix: () => 'Start from an example: create-hardened-mcp --list-examples.',
    example: 'version: 1\nserver: { name: billing, version: 1.0.0 }\ntools: []  # at least one',
  }),
  'manifest-syntax': entry<{ readonly language: 'YAML' | 'JSON'; readonly problem: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ language, problem }) => `This is no valid ${language}: ${problem}`,
    why: 'A manifest that can be read in two ways must not be read at all.',
    fix: ({ language }) =>
      language === 'YAML'
        ? 'Correct the line. Texts with a colon, a hash or a leading symbol need quotes.'
        : 'Correct the line. JSON has double quotes, no comments and no trailing commas; a .yaml file may have all three.',
    example: 'description: "Invoice id, e.g.: inv_4821abcd"',
  }),
  'duplicate-key': entry<{ readonly key: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ key }) => `The key ${quote(key)} is given twice.`,
    why: 'One of the two would silently be ignored.',
    fix: () => 'Remove one of them, or join what they say.',
    example: 'scopes: [invoices:read, invoices:write]',
  }),
  'yaml-tag': entry<{ readonly tag: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tag }) => `The YAML tag ${quote(tag)} has no meaning here.`,
    why: 'A manifest is data that JSON can say as well; tags would make it something else.',
    fix: () => 'Remove the tag; put the value in quotes where it should be a text.',
    example: 'version: "1.0.0"',
  }),
  'yaml-alias': entry<{ readonly problem: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ problem }) => `The aliases of this file cannot be expanded: ${problem}`,
    why: 'Aliases that refer to aliases can grow a few lines into gigabytes.',
    fix: () => 'Write the values out, or put shared schema parts in $defs and use $ref.',
    example: 'properties: { id: { $ref: "#/$defs/id" } }',
  }),
  'not-json': entry<{ readonly what: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ what }) => `JSON has no ${what}.`,
    why: 'Schemas and requests are JSON; this value would become something else on its way.',
    fix: () => 'Write a finite number, or a text in quotes.',
    example: 'maximum: 9007199254740991',
  }),
  'nested-too-deep': entry<{ readonly limit: number }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ limit }) => `The manifest is nested more than ${limit} levels deep.`,
    why: 'No manifest needs that, and a deeper one can exhaust the stack of any program that reads it.',
    fix: () => 'Move deep parts of a schema to $defs and refer to them with $ref.',
    example: 'properties: { address: { $ref: "#/$defs/address" } }',
  }),
  'hidden-text': entry<{ readonly character: string; readonly kind: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ character, kind }) => `This text holds ${character}, a hidden character: ${kind}.`,
    why: 'The model reads what a reviewer cannot see: hidden characters are how tool descriptions are poisoned.',
    fix: () => 'Delete the character; retype the text if it was pasted.',
    example: 'description: Return one invoice by its id.',
  }),
};
