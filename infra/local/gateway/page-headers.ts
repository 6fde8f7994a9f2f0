/**
 * What a browser is told with every file of the page. Scripts, styles and connections come from
 * this origin alone; `ws:` and `wss:` of the own host are named because Safari before 15.4 does not
 * count them as 'self'.
 */
export function pageHeaders(host: string): Record<string, string> {
  // A Host header is the client's word: only a plain name with a port may enter the policy.
  const own = /^[A-Za-z0-9.-]{1,253}(?::\d{1,5})?$/.test(host) ? ` ws://${host} wss://${host}` : '';
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self'${own}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    'x-frame-options': 'DENY',
  };
}
