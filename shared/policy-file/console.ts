import * as v from 'valibot';
import { onlyThese } from '../contract/parse.ts';
import { eachOnce } from './fields.ts';

/**
 * A claim of a token. RFC 7519 takes any text, OpenID Connect at most 255 characters for `sub`
 * (https://openid.net/specs/openid-connect-core-1_0.html#IDToken). Only visible characters: our own choice.
 */
const ClaimText = v.pipe(
  v.string(),
  v.regex(
    /^[\x21-\x7e]{1,255}$/,
    'must be as it stands in the token: 1 to 255 visible characters, without a space',
  ),
);

/** Only the part of RFC 6265 §4.1.1 that every proxy reads in the same way. */
const CookieNameText = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, underscores and hyphens'),
);

export const Console = onlyThese(
  {
    issuer: ClaimText,
    audience: ClaimText,
    cookie: v.optional(CookieNameText, 'latchkey_session'),
    operators: eachOnce(ClaimText, 'an operator'),
  },
  'the console',
);
