/** What programs write where a password would stand: comparisons, calls, bound parameters, rules of validation. */
import type { Assignment } from './assignment.js';
import { DIGITS } from './value-traits.js';

/** The name as a bound parameter of a statement: `password = :password`. */
const PARAMETER = /^[:@][a-z_]+$/i;
const IDENTIFIER = /^[a-z_$][a-z_$-]*$/i;
/** What stands before an expression. */
const OPENS_EXPRESSION = /^(?:await|yield|new|async|function|lambda|typeof|not|func|fn|move|copy|unsafe)$/;

const VALIDATION_RULE = /^[a-z_]{2,32}(?:[:=][\w,./*-]{0,64})?$/;
const COMMON_RULE =
  /^(?:required|nullable|sometimes|string|confirmed|present|filled|bail|min:\d|max:\d|between:\d)/;

/** Whether a value is a list of rules to validate a field by: `required|string|min:8`. */
function isValidation(value: string): boolean {
  if (!value.includes('|')) return false;
  const rules = value.split('|');
  return rules.every((rule) => VALIDATION_RULE.test(rule)) && rules.some((rule) => COMMON_RULE.test(rule));
}

/** Whether what an assignment gives to its name is a piece of a program rather than a value. */
export function isCodeShape(assignment: Assignment): boolean {
  const { operator, value } = assignment;
  if (assignment.quoted) return isValidation(value);
  if ((assignment.traits & DIGITS) !== 0) return false;
  if (PARAMETER.test(value)) return operator === '=';
  if (!IDENTIFIER.test(value)) return false;
  // `if password == confirm`, `.password::after`.
  if (operator === '==' || operator === '::') return true;
  return assignment.next === ' ' && OPENS_EXPRESSION.test(value);
}

/** An attribute that is bound to an expression: `:type="…"`, behind one that has the name as its value. */
const BOUND_ATTRIBUTE = /:[a-z][\w.-]{0,40}=["']/iy;

/**
 * Whether the colon at `at`, after a name from `start` to `end`, gives no value to it: it begins the next attribute, or
 * is of a shell's `${NAME:?what to say}` or `${NAME:+instead}`. The default of `${NAME:-default}` is a value.
 */
export function isOtherColon(text: string, start: number, end: number, at: number): boolean {
  if (at === end) {
    const next = text.charAt(at + 1);
    return (next === '?' || next === '+') && text.startsWith('${', start - 2);
  }
  const first = text.charAt(end);
  if ((first !== '"' && first !== "'") || text.charAt(at - 1).trim() !== '') return false;
  BOUND_ATTRIBUTE.lastIndex = at;
  return BOUND_ATTRIBUTE.test(text);
}
