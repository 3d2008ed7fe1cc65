import type { Detector } from '../detector.js';
import { decodeBase64Text } from '../encoded.js';
import { isPlaceholder } from '../placeholder.js';
import { isRandomLike } from '../randomness.js';
import { placed } from './token.js';

const isReal = (secret: string): boolean => !isPlaceholder(secret);

/** The part of a URL by its own name, as manuals write it: `USER:PASSWORD@HOST`. */
const NAMES_ITSELF = /^(?:DB_)?(?:PASS|PASSWD|PASSWORD|PWD|SECRET|TOKEN)$/;

/** How far before an option the name of its client may stand. */
const CLIENT_REACH = 128;

/** Whether the name of an HTTP client stands before a place, on its line. */
function followsClient(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - CLIENT_REACH), at);
  return /\b(?:curl|wget|https?)\b/.test(before.slice(before.lastIndexOf('\n') + 1));
}

/** Credentials known by where they stand: in a URL, a header, a command line, a well-known file. */
export const placeDetectors: readonly Detector[] = [
  placed(
    'url_password',
    'a password in a URL',
    ['://'],
    /:\/\/[^\s:/@"'<>`]{0,128}:([^\s/@"'<>`]{3,256})(?=@[\w[$%])/y,
    {
      found: [
        'https://user:<alnum:12>@host.example/path',
        'postgres://app:hunter2@db:5432/x',
        'redis://:<alnum:20>@cache:6379',
        'mongodb+srv://u:p4ss-word@c.example.net',
      ],
      passed: [
        'https://host.example:8080/a@b',
        'https://user:${PASS}@host',
        'https://user:<password>@host',
        'postgres://user:{{ password }}@host/db',
        'postgres://USER:PASSWORD@HOST:5432/DB',
      ],
    },
    {
      insideWord: true,
      needs: { character: '@', within: 389 },
      validate: (secret) => isReal(secret) && !NAMES_ITSELF.test(secret),
    },
  ),
  placed(
    'url_user_token',
    'a token as the user of a URL',
    ['://'],
    /:\/\/([\w-]{20,256})(?=(?::x-oauth-basic|:)?@[\w[])/y,
    {
      found: ['https://<alnum:40>@git.example.com/a.git', 'https://<hex:40>:x-oauth-basic@git.example.com/a'],
      passed: ['https://firstname-lastname-department@host.example', 'https://git.example.com/<alnum:40>'],
    },
    { insideWord: true, needs: { character: '@', within: 274 }, validate: isRandomLike },
  ),
  placed(
    'basic_authorization',
    'HTTP basic authentication',
    ['basic '],
    /basic[ \t]{1,4}["']?([A-Z0-9+/]{8,}={0,2})/iy,
    {
      found: ['Authorization: Basic dXNlcjpodW50ZXIyIQ==', "-H 'Authorization: Basic YWRtaW46czNjcjN0'"],
      passed: ['basic understanding of networks', 'Basic <credentials>', 'Basic authentication'],
    },
    {
      validate: (secret) =>
        /^[^:\s]{0,128}:\S/.test(decodeBase64Text(secret, 0, secret.replaceAll('=', '').length) ?? ''),
    },
  ),
  placed(
    'bearer_authorization',
    'a bearer token',
    ['bearer '],
    /bearer[ \t]{1,4}["']?([\w.~+/-]{16,}={0,2})/iy,
    {
      found: ['Authorization: Bearer <alnum:40>', 'authorization: bearer <hex:32>'],
      passed: ['bearer authentication-is-required', 'Bearer ${TOKEN}', 'Bearer YOUR_ACCESS_TOKEN_HERE'],
    },
    { insideWord: true, validate: (secret) => isReal(secret) && isRandomLike(secret) },
  ),
  placed(
    'command_line_login',
    'a user and password on the command line of an HTTP client',
    ['-u ', '--user ', '--user=', '-u"', "-u'"],
    /(?:-u|--user)[ =]{0,2}["']?[^\s:"'`]{1,128}:([^\s"'`]{3,256})/y,
    {
      found: [
        'curl -u admin:hunter2! https://host',
        "curl -s --user 'ann:<alnum:12>' host",
        'curl https://host -u "key:<alnum:20>"',
      ],
      passed: ['docker run -u 1000:1000 image', 'curl -u user https://host', 'curl -u $USER:$PASS host'],
    },
    {
      insideWord: true,
      needs: { character: ':', within: 138 },
      admits: followsClient,
      validate: isReal,
    },
  ),
  placed(
    'sshpass_password',
    'a password on the command line of a client',
    ['sshpass', 'mysql', 'mysqldump', 'mongosh', 'redis-cli', 'psql', 'sqlcmd', 'ldapsearch', 'smbclient'],
    /(?:sshpass|mysql(?:dump|admin)?|mongosh|redis-cli|sqlcmd|ldapsearch)[ \t][^\n]{0,120}?(?<=[ \t])(?:-p[ \t]?|-a[ \t]|-P[ \t]|-w[ \t]|-pass(?:word)?[ =])["']?([^\s"'<>$-][^\s"'<>]{4,128})/y,
    {
      found: [
        'sshpass -p "hunter2!" ssh host',
        'mysql -u root -phunter2! db',
        'redis-cli -h host -a <alnum:16>',
      ],
      passed: ['mysql -u root -p', 'redis-cli -h host ping', 'mysql -p $PASSWORD'],
    },
    { validate: (secret) => isReal(secret) && /\d/.test(secret) && /\D/.test(secret) },
  ),
  placed(
    'netrc_password',
    'a password in a .netrc file',
    ['machine '],
    /machine\s{1,8}[\w.:-]{1,255}\s{1,8}login\s{1,8}\S{1,128}\s{1,8}password\s{1,8}(\S{3,256})/iy,
    {
      found: ['machine api.example.com\n  login ann\n  password hunter2!'],
      passed: ['machine learning', 'machine api.example.com login ann'],
    },
    { validate: isReal },
  ),
  placed(
    'pgpass_password',
    'a password in a .pgpass file',
    [':5432:', ':5433:'],
    /(?<=(?:^|[\s"'`])[\w.*-]{1,128}):543[23]:[\w*]{1,64}:[\w*]{1,64}:(\S{3,256})/y,
    {
      found: ['db.example.com:5432:app:ann:hunter2!'],
      passed: ['db.example.com:5432:app', 'ports 5432:5432:'],
    },
    { insideWord: true, validate: isReal },
  ),
  placed(
    'secure_string',
    'a password turned into a PowerShell secure string',
    ['convertto-securestring'],
    /ConvertTo-SecureString[ \t]{1,4}(?:-String[ \t]{1,4})?["']([^"'\n$]{4,256})/iy,
    {
      found: [
        'ConvertTo-SecureString "hunter2!" -AsPlainText -Force',
        "ConvertTo-SecureString -String 'hunter2!'",
      ],
      passed: ['ConvertTo-SecureString $plain -AsPlainText'],
    },
  ),
  placed(
    'identified_by',
    'a password in a database statement',
    ['identified by', 'with password', 'encrypted password'],
    /(?:IDENTIFIED[ \t]{1,4}BY|(?:WITH|ENCRYPTED)[ \t]{1,4}PASSWORD)[ \t]{1,4}["']([^"'\n]{3,256})/iy,
    {
      found: ["CREATE USER ann IDENTIFIED BY 'hunter2!'", "ALTER ROLE ann WITH PASSWORD 'hunter2!'"],
      passed: ['IDENTIFIED BY :password', "IDENTIFIED BY '<password>'", 'a user identified by name'],
    },
    { validate: (secret) => isReal(secret) && /[^a-z]/.test(secret) },
  ),
  placed(
    'net_user_password',
    'a password given to a Windows user',
    ['net user '],
    /net user[ \t]{1,4}["']?[\w.-]{1,64}["']?[ \t]{1,4}([^\s/*"'][^\s"']{4,128})/iy,
    {
      found: ['net user ann Hunter2! /add'],
      passed: ['net user ann /delete', 'net user ann *'],
    },
    { validate: (secret) => isReal(secret) && /\d/.test(secret) },
  ),
  placed(
    'authentication_blob',
    'the credentials of a container registry',
    ['"auth"', "'auth'", '"identitytoken"'],
    /["'](?:auth|identitytoken)["']\s{0,8}:\s{0,8}["']([\w+/-]{12,}={0,2})/iy,
    {
      found: ['{"auths":{"r.example":{"auth":"YW5uOmh1bnRlcjIh"}}}', '"identitytoken": "<alnum:60>"'],
      passed: ['"auth": "required_for_all"', '"auth": {}'],
    },
    {
      insideWord: true,
      validate: (secret) =>
        isRandomLike(secret) ||
        (decodeBase64Text(secret, 0, secret.replaceAll('=', '').length) ?? '').includes(':'),
    },
  ),
  placed(
    'session_cookie',
    'a signed session cookie',
    ['connect.sid=', 'sessionid=', 'phpsessid=', 'jsessionid=', '_session=', 'laravel_session='],
    /(?:connect\.sid|sessionid|PHPSESSID|JSESSIONID|_session)=([\w%.+/-]{20,}={0,2})/iy,
    {
      found: [
        'Cookie: connect.sid=s%3A<alnum:32>.<alnum:43>',
        'Set-Cookie: PHPSESSID=<loweralnum:26>; path=/',
        'sessionid=<loweralnum:32>',
      ],
      passed: ['sessionid=<id>', 'PHPSESSID=none'],
    },
    { insideWord: true, validate: (secret) => isRandomLike(secret) },
  ),
];
