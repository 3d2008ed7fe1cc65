import { hasDigit } from './characters.js';

/** Words that follow a label in prose or in a form, in the languages that most texts are written in. */
const PROSE_WORDS = new Set(
  `a an and are as ask at be been by can cannot check choose click contact change changed could create disabled does empty
  enable enabled encrypted enter expired expires failed field for forgot forgotten from generated has in incorrect input
  invalid is it its length lost max may min missing must needed never new not ok old one only option or per policy please
  press protected read reset same see select sent stored tap set should that the then this to type unchanged update updated
  use used valid value via was when where will with wrong you your
  abgelaufen aktualisiert alt am beim bitte das der des die dein deine ein eine erforderlich falsch fehlt für geändert
  gesetzt ist ihr ihre im leer mit muss nicht oder per pro siehe sind ungültig unverändert vergessen vom von werden wird
  wurde zum zur
  actualizado aucun caducada cambiada changé con contient del doit dans deve debe è em esqueci está est expiré faux fue
  inchangé inválida inválido la le les nel non nouveau nova nuevo nueva obligatoire obligatorio obbligatorio olvidada
  oublié par para perdu por pour requis saisissez scaduta sera será sin su sua tu una uma ver veuillez voir votre`.split(
    /\s+/,
  ),
);

/** A word, and the punctuation that prose puts to it. */
const IN_PROSE = /^[\p{L}.!?:,]+$/u;
const PUNCTUATION = /[.!?:,]/;

/** Whether a word is one that prose has after the name of a credential. */
export function isProseWord(value: string): boolean {
  if (hasDigit(value) || !IN_PROSE.test(value)) return false;
  const word = value.toLowerCase();
  return PROSE_WORDS.has(PUNCTUATION.test(word) ? word.replaceAll(/[.!?:,]/g, '') : word);
}

const WORD = /^\p{L}+[.!?]?$/u;

/** Whether a value is one word of letters, as prose has it anywhere. */
export function isWord(value: string): boolean {
  return !hasDigit(value) && WORD.test(value);
}

/** What forms and catalogues of translations call a password or a key of an interface. */
const LABELS = new Set(
  `adgangskode contrasena contraseña geslo hasło heslo jelszó kata-sandi kennwort lozinka lösenord parola parole parool
  passord passwort pasahitza salasana senha slaptažodis wachtwoord zaporka şifre api-schlüssel api-nyckel api-nøgle
  api-nøkkel api-sleutel api-avain`.split(/\s+/),
);

/** Whether a value is the translation of its own name: a label, not what stands under it. */
export function isLabel(value: string): boolean {
  return LABELS.has(value.toLowerCase());
}
