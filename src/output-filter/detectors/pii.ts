import { isIbanValid, isLuhnValid } from '../checksum.js';
import type { Detector, Rule } from '../detector.js';

function piiRule(kind: string): Rule {
  return {
    id: `pii.${kind}`,
    findingType: 'personal_data',
    severity: 'medium',
    reason: 'personal_data_detected',
  };
}

function pii(kind: string, rest: Omit<Detector, 'id' | 'rule' | 'sample'>): Detector {
  return { id: `pii.${kind}`, rule: piiRule(kind), sample: () => `${kind}:[REDACTED]`, ...rest };
}

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** The first digits and the lengths of payment card numbers of the large networks. */
const CARD =
  /^(?:4\d{12}(?:\d{3})?(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d)\d{12}|35\d{14})$/;

/** Whether digits, with blanks or hyphens between, are the number of a payment card. */
function isCardNumber(number: string): boolean {
  return isLuhnValid(number) && CARD.test(number.replaceAll(/[ .-]/g, ''));
}

/** Areas, groups and serials that the Social Security Administration never issued. */
const NEVER_ISSUED = /^(?:000|666|9\d\d)-|-00-|-0000$/;

/** Personal data; a family that is off unless configured. */
export const piiDetectors: readonly Detector[] = [
  pii('email', {
    description: 'a mail address',
    keywords: ['@'],
    pattern: /(?<=[\w.%+-])@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w-])/iy,
    insideWord: true,
    fromWordStart: true,
    looksBack: 1,
    examples: {
      found: ['ann.lee@example.org', 'a+b@mail.example.com'],
      passed: ['@decorator', 'user@localhost', 'npm i a@1.2.3'],
    },
  }),
  pii('payment_card', {
    description: 'a payment card number with a valid check digit',
    keywords: DIGITS,
    pattern: /(?<![\w.-])\d{4}[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{1,4})?(?:\d{3})?(?![\w-])/y,
    validate: isCardNumber,
    examples: {
      found: ['4111 1111 1111 1111', '5555-5555-5555-4444', '378282246310005'],
      passed: ['4111 1111 1111 1112', '1234567890123456'],
    },
  }),
  pii('iban', {
    description: 'an international bank account number with valid check digits',
    keywords: DIGITS,
    pattern: /(?<=(?:^|[^A-Z0-9])[A-Z]{2})\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Z0-9])/y,
    insideWord: true,
    fromWordStart: true,
    looksBack: 2,
    validateWhole: (iban) => isIbanValid(iban),
    examples: {
      found: ['DE89 3704 0044 0532 0130 00', 'GB82WEST12345698765432'],
      passed: ['DE89 3704 0044 0532 0130 01', 'AB12 is short'],
    },
  }),
  pii('us_ssn', {
    description: 'a United States social security number',
    keywords: DIGITS,
    pattern: /(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-])/y,
    validate: (number) => !NEVER_ISSUED.test(number),
    examples: { found: ['SSN 123-45-6789'], passed: ['000-12-3456', '123-00-4567', '2024-01-0001'] },
  }),
  pii('phone_e164', {
    description: 'a telephone number in international form',
    keywords: ['+'],
    pattern: /(?<![\w+])\+[1-9]\d{0,2}(?:[ .-]?\(?\d{2,4}\)?){2,4}\d?(?![\w-])/y,
    insideWord: true,
    validate: (number) => /^\+\d{8,15}$/.test(number.replaceAll(/[ .()-]/g, '')),
    examples: { found: ['+14155552671', 'call +44 20 7946 0958'], passed: ['1+2345', '+1', 'a+1234567890'] },
  }),
];
