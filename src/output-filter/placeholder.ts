/** Values that stand where a secret would stand in documentation, templates and code. */
const PLACEHOLDER_WORDS =
  /example|placeholder|change[_-]?(?:me|it)|your[_-]|redacted|masked|hidden|removed|omitted|dummy|insert[_-]|replace[_-]|xxxx|\.{3}|…|\*{3}|•{2}|#{4}|_here$/i;

/** References to a value kept elsewhere: `${VAR}`, `{{ var }}`, `%VAR%`, `<key>`, `$VAR`, `$1`, `@Microsoft.KeyVault(…)`. */
const REFERENCE =
  /^(?:\$\{|\$\(|\$[A-Z_]|\$\d{1,3}$|\{\{|\{[\w.]*\}|%[\w.]{1,64}%$|%[sdv@]$|[<&*]|\[[^\]]*\]$|@[A-Za-z]|!Ref|!Sub|!vault|#\{|env[.:(]|vault:|ref[+:]|secretsmanager:|ssm:|arn:aws:|op:\/\/|file:|data\.|var\.|local\.|secrets?\.|process\.env|os\.|config\.|settings\.|ENV\[)/;

/** What references begin with. */
const REFERENCE_STARTS = new Set('$!#%&*<@E[acdefloprsv{');

/** Types and empty values of programs: never the secret, wherever they stand. */
const TYPE_WORDS = new Set(
  `any bool boolean bytes char demo_key false function int integer n/a nil no none null number object off on optional
  required str string text true undefined unknown unset varchar void yes`.split(/\s+/),
);

const MAX_TYPE_LENGTH = Math.max(...Array.from(TYPE_WORDS, (word) => word.length));

/** Whether a value only shows where a secret would stand. */
export function isPlaceholder(value: string): boolean {
  if (value.length === 0) return true;
  if (value.length <= MAX_TYPE_LENGTH && TYPE_WORDS.has(value.toLowerCase())) return true;
  if (REFERENCE_STARTS.has(value.charAt(0)) && REFERENCE.test(value)) return true;
  return PLACEHOLDER_WORDS.test(value) || isOneCharacter(value);
}

/** Whether a value is one character over and over, as `xxxxxxxx`. */
export function isOneCharacter(value: string): boolean {
  const first = value.charCodeAt(0);
  for (let index = 1; index < value.length; index += 1) {
    if (value.charCodeAt(index) !== first) return false;
  }
  return value.length > 1 || first === 42 || first === 45;
}

/** An identifier, or several with `.`, `->`, `::` or `?.` between. */
const MEMBER = /^[a-z_$][\w$]*(?:(?:\.|->|::|\?\.)[a-z_$][\w$]*)*$/i;
const IN_LINK = new Set('.->:?');
const CAMEL_CASE = /^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/;
const SNAKE_CASE = /^[a-z]+(?:_[a-z]+)+$/;
const LETTERS = /^[a-z_]+$/i;

/** What a value that may be an identifier consists of; null where a character stands in none. */
function shapeOf(value: string): { readonly hasDigits: boolean; readonly hasLinks: boolean } | null {
  let hasDigits = false;
  let hasLinks = false;
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    const letter = code | 32;
    if ((letter >= 97 && letter <= 122) || code === 95 || code === 36) continue;
    if (code >= 48 && code <= 57 && index > 0) hasDigits = true;
    else if (IN_LINK.has(value.charAt(index))) hasLinks = true;
    else return null;
  }
  return { hasDigits, hasLinks };
}

/**
 * Whether an unquoted value is an expression of some program: a call, a member, an identifier that names a credential.
 *
 * @param next the character after the value
 * @param isSpaced whether the operator has blanks around it, as in programs rather than in configuration
 */
export function isExpression(value: string, name: string, next: string, isSpaced: boolean): boolean {
  const shape = shapeOf(value);
  if (shape === null || (shape.hasLinks && !MEMBER.test(value))) return false;
  if (next === '(' || next === '[' || shape.hasLinks) return true;
  if (shape.hasDigits) return false;
  if (CAMEL_CASE.test(value)) return true;
  if (isSpaced && SNAKE_CASE.test(value)) return true;
  const ownName = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return LETTERS.test(value) && (value.toLowerCase() === ownName || (isSpaced && NAMES_SECRET.test(value)));
}

const NAMES_SECRET =
  /(?:pass|password|passwd|pwd|key|secret|token|credential)s?$|^(?:new|get|read|load|fetch|make|create|await|self|this)_?/i;
