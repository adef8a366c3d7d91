/** Handlebars as this generator uses it: no HTML, and only the helpers that make a value safe. */
import { createRequire } from 'node:module';

import type Handlebars from 'handlebars';

import { codeSpan, docComment, inline, markdown } from './comment.ts';
import { literal, type Printable } from './literal.ts';

export type Template = (view: object) => string;

/** What `compile-template.ts` makes of a template's text, once it is evaluated. */
export type CompiledTemplate = Parameters<typeof Handlebars.template>[0];

const HELPERS = {
  /** A value as TypeScript. */
  literal: (value: Printable) => literal(value),
  /** A value as JSON. */
  json: (value: unknown) => JSON.stringify(value),
  /** Text as a doc comment. */
  docComment: (text: string) => docComment(text),
  /** Text for the rest of a line, in a comment or a settings file. */
  inline: (text: string) => inline(text),
  /** A code span of Markdown. */
  codeSpan: (text: string) => codeSpan(text),
  /** Text for Markdown. */
  markdown: (text: string) => markdown(text),
} as const;

export const HELPER_NAMES: readonly string[] = Object.keys(HELPERS);

/** Handlebars without its compiler, which takes longer to load than all templates take to fill in. */
const runtime: typeof Handlebars = createRequire(import.meta.url)('handlebars/runtime');

const handlebars = runtime.create();
for (const name of Object.keys(handlebars.helpers)) {
  if (!['if', 'unless', 'each'].includes(name)) handlebars.unregisterHelper(name);
}
handlebars.registerHelper(HELPERS);

/** A template that can be filled in; a value that the view lacks throws then. */
export function openTemplate(compiled: CompiledTemplate): Template {
  return handlebars.template<object>(compiled);
}
