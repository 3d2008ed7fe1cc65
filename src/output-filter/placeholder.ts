/** Values that stand where a secret would stand in documentation, templates and code. */
const PLACEHOLDER_WORDS =
  /example|placeholder|change[_-]?(?:me|it)|(?:your|my)[_-]|redacted|masked|hidden|removed|omitted|dummy|insert[_-]|replace[_-]|xxxx|\.{3}|…|\*{3}|•{2}|#{4}|_here$/i;

/** References to a value kept elsewhere: `${VAR}`, `{{ var }}`, `%VAR%`, `<key>`, `$VAR`, `@Microsoft.KeyVault(…)`. */
const REFERENCE =
  /^(?:\$\{|\$\(|\$[A-Z_]|\{\{|\{[\w.]*\}|%[\w.]{1,64}%$|%[sdv@]$|[<&*]|\[[^\]]*\]$|@[A-Za-z]|!Ref|!Sub|!vault|#\{|env[.:(]|vault:|ref[+:]|secretsmanager:|ssm:|arn:aws:|op:\/\/|file:|data\.|var\.|local\.|secrets?\.|process\.env|os\.|config\.|settings\.|ENV\[)/;

/** Words that follow a label in prose, a type annotation or a form, and never are the secret. */
const PLAIN_WORDS = new Set(
  `a an and any are at be bool boolean bytes can cannot change char could create default disabled does empty
  enable enabled encrypted enter expired expires failed false field for forgot from generated has hash hashed
  in incorrect input int integer invalid is it its length max may min missing must needed never new nil no none
  not null number ok old on one only option optional or password passwd policy please protected read required
  reset secret set should str string text that the then this to token true type undefined unknown unset
  update updated use used user valid value varchar void was when where will with wrong yes you your`.split(
    /\s+/,
  ),
);

/** Whether a value only shows where a secret would stand. */
export function isPlaceholder(value: string): boolean {
  if (value.length === 0 || PLAIN_WORDS.has(value.toLowerCase())) return true;
  return REFERENCE.test(value) || PLACEHOLDER_WORDS.test(value) || isOneCharacter(value);
}

/** Whether a value is one character over and over, as `xxxxxxxx`. */
export function isOneCharacter(value: string): boolean {
  const first = value.charCodeAt(0);
  for (let index = 1; index < value.length; index += 1) {
    if (value.charCodeAt(index) !== first) return false;
  }
  return value.length > 1 || first === 42 || first === 45;
}

/** Whether an unquoted value is an expression of some program: a call, a member access, an identifier of code. */
export function isExpression(value: string, name: string): boolean {
  if (/^[A-Z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Z_$][\w$]*)*[([]/i.test(value)) return true;
  if (/^[A-Z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Z_$][\w$]*)+$/i.test(value)) return true;
  return /^[A-Z_]+$/i.test(value) && (value.toLowerCase() === name.toLowerCase() || NAMES_SECRET.test(value));
}

const NAMES_SECRET =
  /(?:pass|pwd|key|secret|token|credential)s?$|^(?:new|get|read|load|fetch|make|create|await|self|this)_?/i;
