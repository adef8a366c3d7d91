/** Runtime expressions as the TypeScript that makes them: calls of the functions in `kernel/expression.ts`. */
import type { Expression, TextTemplate, ValueTemplate } from '../manifest/expressions.ts';
import { Code } from './code.ts';
import { literal, stringLiteral, type Printable } from './literal.ts';

/** `args('/invoice_id')`, `responseStatus`, … */
export function expressionCode(expression: Expression): Code {
  switch (expression.from) {
    case 'args':
      return call('args', [expression.pointer]);
    case 'response.body':
      return call('responseBody', [expression.pointer]);
    case 'response.header':
      return call('responseHeader', [expression.name]);
    case 'response.status':
      return constant('responseStatus');
    case 'principal.subject':
      return constant('principalSubject');
    case 'principal.tenant':
      return constant('principalTenant');
    case 'operation.key':
      return constant('operationKey');
  }
}

/** `text('Invoice ', args('/invoice_id'), ' was not found.')` */
export function textCode(template: TextTemplate): Code {
  return call(
    'text',
    template.map((part) => (typeof part === 'string' ? part : expressionCode(part))),
  );
}

/** A path segment: plain where it can be, else an expression or a text. */
export function segmentCode(segment: TextTemplate): Printable {
  const [first = '', ...rest] = segment;
  if (rest.length > 0) return textCode(segment);
  return typeof first === 'string' ? first : expressionCode(first);
}

/** JSON with expressions and texts at its leaves. */
export function templateCode(template: ValueTemplate): Printable {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return expressionCode(template.expression);
    case 'text':
      return textCode(template.text);
    case 'array':
      return template.items.map(templateCode);
    case 'object':
      return Object.fromEntries(template.members.map(([name, member]) => [name, templateCode(member)]));
  }
}

/** The names that the code within a value expects to be imported, sorted. */
export function importedNames(value: Printable): readonly string[] {
  return [...new Set(namesIn(value))].sort();
}

function namesIn(value: Printable): readonly string[] {
  if (value instanceof Code) return value.names;
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(namesIn);
}

function constant(name: string): Code {
  return new Code(name, [name]);
}

function call(name: string, parameters: readonly (string | Code)[]): Code {
  const printed = parameters.map((parameter) =>
    parameter instanceof Code ? literal(parameter) : stringLiteral(parameter),
  );
  const names = parameters.flatMap((parameter) => (parameter instanceof Code ? parameter.names : []));
  return new Code(`${name}(${printed.join(', ')})`, [name, ...names]);
}
