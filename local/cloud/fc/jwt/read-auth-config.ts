import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { ConfigError } from '../configuration/config-error.ts';
import { Fields } from '../configuration/fields.ts';
import { ALGORITHM_NAMES, unfit } from './algorithms.ts';
import type { ClaimHeader, GuardedPaths, JwtConfig, JwtKey, TokenPlace } from './config.ts';

/** Members of a JWK that only its owner may have: RFC 7518 §6. */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const PUBLIC = ['n', 'e', 'crv', 'x', 'y'];

/**
 * `triggerConfig.authConfig`. Headers and cookies are emulated as places of the token, and headers as
 * places for claims.
 *
 * @throws {ConfigError}
 */
export function readAuthConfig(fields: Fields): JwtConfig {
  const config: JwtConfig = {
    keys: readKeys(fields.needed('jwks')),
    lookup: readLookup(fields),
    claims: readClaims(fields),
    paths: readPaths(fields),
  };
  fields.done();
  return config;
}

function readKeys(jwks: Fields): JwtKey[] {
  const keys = elements(jwks, 'keys').map(readKey);
  jwks.done();
  if (keys.length === 0) throw new ConfigError(jwks.at('keys'), 'is missing');
  const twice = keys.find(({ kid }, i) => keys.findIndex((each) => each.kid === kid) !== i);
  if (twice !== undefined) {
    const which = twice.kid === '' ? 'without "kid"' : `of the kid "${twice.kid}"`;
    throw new ConfigError(jwks.at('keys'), `has two keys ${which}`);
  }
  return keys;
}

function readKey(fields: Fields): JwtKey {
  for (const name of PRIVATE) {
    if (fields.raw(name) !== undefined) {
      throw new ConfigError(fields.at(name), 'is private: only public keys belong here');
    }
  }
  fields.oneOf('use', ['sig']);
  const kty = fields.oneOf('kty', ['RSA', 'EC', 'OKP']);
  const alg = fields.oneOf('alg', ALGORITHM_NAMES);
  const kid = fields.text('kid', undefined) ?? '';
  const material = PUBLIC.flatMap((name) => {
    const value = fields.text(name, undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  fields.done();
  const key = publicKey({ kty, ...Object.fromEntries(material) }, fields.place);
  const why = unfit(key, alg);
  if (why !== undefined) throw new ConfigError(fields.place, why);
  return { kid, alg, key };
}

function publicKey(jwk: JsonWebKey, place: string): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new ConfigError(place, 'is not a public key');
  }
}

function readLookup(fields: Fields): TokenPlace[] {
  const name = 'tokenLookup';
  const places = isText(fields, name)
    ? textParts(fields, name).map(([position = '', parameter = '', prefix = '']) => ({
        position,
        parameter,
        prefix,
      }))
    : elements(fields, name).map((each) => {
        const position = each.text('readPosition');
        const parameter = each.text('parameterName');
        const prefix = each.text('prefix', undefined) ?? '';
        each.done();
        return { position, parameter, prefix };
      });
  if (places.length === 0) throw new ConfigError(fields.at(name), 'is missing');
  return places.map(({ position, parameter, prefix }) => {
    if (position === 'cookie') return { kind: position, name: cookieName(parameter, prefix) };
    if (position !== 'header') {
      throw notEmulated(fields.at(name), position, 'header and cookie are');
    }
    // The documents require the blank. Without it the token would begin with one.
    if (prefix !== '' && !prefix.endsWith(' ')) {
      throw new ConfigError(fields.at(name), `has a prefix "${prefix}" that ends without a blank`);
    }
    return { kind: position, name: headerName(parameter, fields.at(name)), prefix };
  });

  function cookieName(parameter: string, prefix: string): string {
    // The documents speak of a prefix for headers only.
    if (prefix !== '') throw new ConfigError(fields.at(name), 'has a prefix for a cookie');
    if (/^[A-Za-z0-9_-]+$/.test(parameter)) return parameter;
    throw new ConfigError(
      fields.at(name),
      `names "${parameter}", which is not a valid cookie name`,
    );
  }
}

function readClaims(fields: Fields): ClaimHeader[] {
  const name = 'claimPassBy';
  if (fields.raw(name) === undefined) return [];
  const claims = isText(fields, name)
    ? textParts(fields, name)
        // `query::`, which fc3 fills in, passes nothing.
        .filter(([, claim = '', parameter = '']) => claim !== '' || parameter !== '')
        .map(([position = '', claim = '', parameter = '']) => ({ position, claim, parameter }))
    : elements(fields, name).map((each) => {
        const position = each.text('mappingParameterPosition');
        const claim = each.text('claimName');
        const parameter = each.text('mappingParameterName');
        each.done();
        return { position, claim, parameter };
      });
  return claims.map(({ position, claim, parameter }) => {
    if (position !== 'header') throw notEmulated(fields.at(name), position, 'header is');
    return { claim, header: headerName(parameter, fields.at(name)) };
  });
}

function readPaths(fields: Fields): GuardedPaths {
  const but = readPatterns(fields, 'whitelist');
  const only = readPatterns(fields, 'blacklist');
  if (but !== undefined && only !== undefined) {
    throw new ConfigError(fields.at('blacklist'), 'cannot be combined with whitelist');
  }
  if (but !== undefined) return { kind: 'every-but', patterns: but };
  if (only !== undefined) return { kind: 'only', patterns: only };
  return { kind: 'every' };
}

function readPatterns(fields: Fields, name: string): string[] | undefined {
  if (fields.raw(name) === undefined) return undefined;
  return fields.list(name).map((pattern, i) => {
    if (typeof pattern === 'string' && /^\/[^*]*\*?$/.test(pattern)) return pattern;
    throw new ConfigError(
      `${fields.at(name)}[${i}]`,
      'must be a path, with "*" at most at its end',
    );
  });
}

function elements(fields: Fields, name: string): Fields[] {
  return fields.list(name).map((each, i) => new Fields(each, `${fields.at(name)}[${i}]`));
}

function isText(fields: Fields, name: string): boolean {
  return typeof fields.raw(name) === 'string';
}

/** `header:Authorization:Bearer ,header:X-Token`: the form of the API, which fc3 accepts, too. */
function textParts(fields: Fields, name: string): string[][] {
  return fields
    .text(name)
    .split(',')
    .map((part) => part.split(':'));
}

function headerName(text: string, place: string): string {
  if (/^[A-Za-z0-9-]+$/.test(text)) return text.toLowerCase();
  throw new ConfigError(place, `names "${text}", which is not a valid header name`);
}

function notEmulated(place: string, position: string, emulated: string): ConfigError {
  return new ConfigError(place, `names the position "${position}": only ${emulated} emulated`);
}
