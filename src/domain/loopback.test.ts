import { describe, expect, it } from 'vitest';
import { checkPrivateUrl, isLoopback } from './loopback.js';

describe('isLoopback', () => {
  it.each([
    ['localhost', true],
    ['LOCALHOST', true],
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['::1', true],
    ['[::1]', true],
    ['0:0:0:0:0:0:0:1', true],
    ['::ffff:127.0.0.1', true],
    ['127.0.0.256', false],
    ['127.0.0.01', false],
    ['127.1', false],
    ['127.0.0.1.example.invalid', false],
    ['localhost.example.invalid', false],
    ['128.0.0.1', false],
    ['0.0.0.0', false],
    ['::', false],
    ['::2', false],
    ['::ffff:10.0.0.1', false],
    ['::1]/@example.invalid:80[', false],
    ['', false],
  ])('says of %j: %j', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe('checkPrivateUrl', () => {
  it.each([
    ['https://service.example.invalid/x', true],
    ['http://127.0.0.2:8080', true],
    ['http://[::1]:8080', true],
    ['http://localhost', true],
    ['http://service.example.invalid', false],
    ['http://localhost@service.example.invalid', false],
    ['ftp://localhost', false],
    ['nonsense', false],
  ])('lets secrets go to %j: %j', (text, expected) => {
    expect(checkPrivateUrl(text) !== null).toBe(expected);
  });
});
