/** The three kinds of process this service runs as. */
export const ENVIRONMENTS = ['local', 'test', 'production'] as const;

/** One of `ENVIRONMENTS`. */
export type Environment = (typeof ENVIRONMENTS)[number];

/** What a variable's text means, or why it means nothing; the reason never repeats a value that could be secret. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly violation: string };

/** One variable of the environment: how it is read, what it is when unset, and what it is for. */
export interface Setting<T> {
  readonly name: string;
  readonly alias?: string;
  readonly meaning: string;
  readonly defaults: Readonly<Record<Environment, T>>;
  /** Never printed. */
  readonly secret: boolean;
  parse(text: string): Parsed<T>;
}

type Defaults<T> = T | { readonly local: T; readonly test: T; readonly production: T };

function spread<T>(defaults: Defaults<T>): Readonly<Record<Environment, T>> {
  const isPerMode = typeof defaults === 'object' && defaults !== null && 'production' in defaults;
  return isPerMode ? defaults : { local: defaults, test: defaults, production: defaults };
}

/** A variable's name as the messages of the configuration rules spell it. */
export function ruleName(variable: string): string {
  return variable.replace(/^ACP_/, '').toLowerCase();
}

/** A switch: 1, true, yes, on or 0, false, no, off in any case; anything else is an error. */
export function flag(name: string, defaults: Defaults<boolean>, meaning: string): Setting<boolean> {
  return {
    name,
    meaning,
    secret: false,
    defaults: spread(defaults),
    parse(text) {
      const word = text.toLowerCase();
      if (['1', 'true', 'yes', 'on'].includes(word)) return { ok: true, value: true };
      if (['0', 'false', 'no', 'off'].includes(word)) return { ok: true, value: false };
      return { ok: false, violation: `invalid boolean for ${name}` };
    },
  };
}

/** A whole number between two bounds, both allowed. */
export function integer(
  name: string,
  defaults: Defaults<number>,
  range: { readonly min: number; readonly max: number },
  meaning: string,
): Setting<number> {
  return {
    name,
    meaning,
    secret: false,
    defaults: spread(defaults),
    parse(text) {
      if (!/^[+-]?\d{1,15}$/.test(text)) return { ok: false, violation: `invalid integer for ${name}` };
      const value = Number(text);
      if (value < range.min)
        return { ok: false, violation: `${ruleName(name)} must be at least ${range.min}` };
      if (value > range.max)
        return { ok: false, violation: `${ruleName(name)} must not exceed ${range.max}` };
      return { ok: true, value };
    },
  };
}

/** How much of a wrong word is repeated in its error. */
const MAX_ECHO_LENGTH = 64;

/**
 * One word of a list, in any case.
 *
 * @param options `echo`: whether the error repeats the word, for settings that nobody mistakes for a secret's.
 */
export function choice<const T extends string>(
  name: string,
  words: readonly T[],
  defaults: Defaults<T>,
  meaning: string,
  options: { readonly echo?: boolean } = {},
): Setting<T> {
  return {
    name,
    meaning,
    secret: false,
    defaults: spread(defaults),
    parse(text) {
      const value = words.find((word) => word === text.toLowerCase());
      if (value !== undefined) return { ok: true, value };
      const echo = options.echo === true ? `: ${text.slice(0, MAX_ECHO_LENGTH)}` : '';
      return { ok: false, violation: `invalid ${name}${echo}` };
    },
  };
}

/** A comma-separated list; blanks around its items and empty items do not count. */
export function list(
  name: string,
  defaults: Defaults<readonly string[]>,
  meaning: string,
  isItem: (item: string) => boolean = () => true,
): Setting<readonly string[]> {
  return {
    name,
    meaning,
    secret: false,
    defaults: spread(defaults),
    parse(text) {
      const items = text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
      return items.every(isItem)
        ? { ok: true, value: items }
        : { ok: false, violation: `invalid entry in ${name}` };
    },
  };
}

interface TextOptions {
  readonly secret?: boolean;
  readonly alias?: string;
  readonly isValid?: (value: string) => boolean;
}

function text<T extends string | null>(
  name: string,
  defaults: Readonly<Record<Environment, T>>,
  meaning: string,
  options: TextOptions,
): Setting<T> {
  return {
    name,
    meaning,
    secret: options.secret ?? false,
    defaults,
    ...(options.alias === undefined ? {} : { alias: options.alias }),
    parse(value) {
      if (options.isValid !== undefined && !options.isValid(value))
        return { ok: false, violation: `invalid ${name}` };
      return { ok: true, value: value as T };
    },
  };
}

/** Any text, with a default. */
export function word(
  name: string,
  defaults: string,
  meaning: string,
  options: TextOptions = {},
): Setting<string> {
  return text<string>(name, spread<string>(defaults), meaning, options);
}

/** Any text, null when unset. */
export function optional(name: string, meaning: string, options: TextOptions = {}): Setting<string | null> {
  return text<string | null>(name, spread<string | null>(null), meaning, options);
}
