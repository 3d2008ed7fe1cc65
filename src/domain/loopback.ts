const IPV4 = /^127(?:\.(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])){3}$/;
/** `::1`, and what begins with 127 as an IPv4 address in IPv6, as the URL parser writes them. */
const IPV6 = /^\[::(?:1|ffff:7f[\da-f]{2}:[\da-f]{1,4})\]$/;

/** Whether an address or name reaches this machine alone. Only `localhost` is trusted among names. */
export function isLoopback(host: string): boolean {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (!bare.includes(':')) return IPV4.test(bare) || bare.toLowerCase() === 'localhost';
  // THREAT: a text that ends the brackets by itself would be judged by its beginning.
  if (!/^[\da-f:.]+$/i.test(bare)) return false;
  return IPV6.test(URL.parse(`http://[${bare}]/`)?.hostname ?? '');
}

/**
 * The URL to which secrets may go: `https:`, or `http:` on this machine; null for any other text.
 *
 * THREAT: what goes over the network in clear is anyone's to read, and to change.
 */
export function checkPrivateUrl(text: string): URL | null {
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return url;
  return url?.protocol === 'http:' && isLoopback(url.hostname) ? url : null;
}
